import { DomainError } from './errors.ts';

/** What a caller may do. The scopes are a set: none of them implies another (RFC 6749, section 3.3). */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** The projects that a credential covers: those of a list, or every one, which `*` stands for. */
export type CoveredProjects = '*' | readonly string[];

/** Who is asking, as far as the service has to know. */
export interface Caller {
  /** Names the credential in the log; no part of the credential itself. */
  readonly name: string;
  readonly projects: CoveredProjects;
  readonly scopes: readonly Scope[];
}

/** What callers are called that have no name of their own; a token with a subject has it behind a colon. */
export const CALLER_NAMES = { apiKey: 'API_KEY', anonymous: 'anonymous', token: 'jwt' } as const;

/** A caller that may do everything in every project. */
export function unrestricted(name: string): Caller {
  return { name, projects: '*', scopes: SCOPES };
}

/** Refuses with `insufficient_scope` a caller that lacks a scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw insufficientScope(scope);
}

/**
 * Refuses with `project_forbidden` a caller that names a project which its credential does not cover. The answer
 * depends on the credential and on what was named only, so it is the same whether or not the project exists.
 */
export function requireProjects(caller: Caller, named: readonly string[]): void {
  const { projects } = caller;
  if (projects === '*') return;
  const covered = new Set(projects);
  const foreign = new Set(named.filter((project) => !covered.has(project)));
  if (foreign.size > 0) throw projectForbidden([...foreign]);
}

/** The covered projects as a statement binds them: an array, or null where every project is covered. */
export function boundProjects({ projects }: Caller): readonly string[] | null {
  return projects === '*' ? null : projects;
}

export function insufficientScope(scope: Scope): DomainError {
  return new DomainError(
    'insufficient_scope',
    `The credential lacks the scope ${scope}. Use one that has it`,
    { scope },
  );
}

const PROJECTS_IN_SENTENCE = 5;

/** Names the first few projects in the sentence, all in the details. */
export function projectForbidden(foreign: readonly string[]): DomainError {
  const more =
    foreign.length > PROJECTS_IN_SENTENCE ? ` and ${foreign.length - PROJECTS_IN_SENTENCE} more` : '';
  return new DomainError(
    'project_forbidden',
    `The credential does not cover the project ${foreign.slice(0, PROJECTS_IN_SENTENCE).join(', ')}${more}. Use one that does`,
    { project_ids: foreign },
  );
}
