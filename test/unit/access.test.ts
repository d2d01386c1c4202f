import { describe, expect, it } from 'vitest';
import {
  boundProjects,
  requireProjects,
  requireScope,
  SCOPES,
  unrestricted,
} from '../../src/domain/access.ts';
import { refusal } from '../../src/domain/errors/index.ts';

const projectForbidden = (project_ids: string[]) => refusal('project_forbidden', { project_ids });

const CALLER = { name: 'c', projects: ['alpha', 'beta'], scopes: ['read'] } as const;

describe('a scope', () => {
  it('no scope implies another', () => {
    for (const held of SCOPES) {
      for (const needed of SCOPES) {
        const ask = () => requireScope({ ...CALLER, scopes: [held] }, needed);
        if (held === needed) expect(ask).not.toThrow();
        else expect(ask).toThrow(expect.objectContaining({ code: 'insufficient_scope' }));
      }
    }
  });

  it('a refusal names the missing scope', () => {
    expect(() => requireScope(CALLER, 'admin')).toThrow(
      expect.objectContaining({
        message: 'The credential lacks the scope admin. Use one that has it',
        details: { scope: 'admin' },
      }),
    );
  });
});

describe('a credential', () => {
  it('a caller may name the projects of its credential', () => {
    expect(() => requireProjects(CALLER, ['beta', 'alpha', 'beta'])).not.toThrow();
    expect(() => requireProjects(CALLER, [])).not.toThrow();
    expect(boundProjects(CALLER)).toEqual(['alpha', 'beta']);
  });

  it('a caller with every project may name any', () => {
    expect(() => requireProjects(unrestricted('all'), ['gamma', '*'])).not.toThrow();
    expect(boundProjects(unrestricted('all'))).toBeNull();
  });

  it.each(['gamma', 'ALPHA', 'alph', 'alphabet', '', '*'])('the project %j is forbidden', (project) => {
    expect(() => requireProjects(CALLER, ['alpha', project])).toThrow(
      expect.objectContaining({ code: 'project_forbidden', details: { project_ids: [project] } }),
    );
  });

  it('a list with the project * is no access to every project', () => {
    expect(() => requireProjects({ ...CALLER, projects: ['*'] }, ['alpha'])).toThrow();
  });

  it('a refusal names each foreign project once, the first five in the sentence', () => {
    const foreign = ['a', 'b', 'a'];
    expect(() => requireProjects(CALLER, foreign)).toThrow(
      expect.objectContaining({
        message: 'The credential does not cover the project a, b. Use one that does',
        details: { project_ids: ['a', 'b'] },
      }),
    );
    expect(projectForbidden(['1', '2', '3', '4', '5']).message).toContain('1, 2, 3, 4, 5.');
    expect(projectForbidden(['1', '2', '3', '4', '5', '6']).message).toContain('1, 2, 3, 4, 5 and 1 more.');
  });
});
