import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processCases } from '../support/process-cases.ts';
import { runScript } from '../support/run-script.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

describe('npm run demo', () => {
  let target: TestService;

  beforeAll(async () => {
    target = await startTestService();
  });
  afterAll(() => target.stop());

  const demo = (...args: string[]) => runScript('demo', args);

  it('the demo works through the sample list', async () => {
    const { status, output } = await demo('--url', target.service.url, '--project', 'sample');
    expect(status).toBe(0);
    expect(output).toContain('TASK-002  pending → in_progress → completed');
    expect(output).toMatch(/tasks worked through │ +6 │\n.*tasks still pending +│ +0 │/);
    expect(
      await target.database.query(
        `select status, count(*) from tasks where project_id = 'sample' group by 1`,
      ),
    ).toEqual([{ status: 'completed', count: '7' }]);
  });

  it('the demo shows how a real list whose inputs count gets ready, and what a failure leaves stuck', async () => {
    const list = ['test/data/sdlc-epic-006.json', '--inputs', '--anew', '--fail', 'TASK-051'];
    const { status, output } = await demo(...list, '--url', target.service.url, '--project', 'real');
    expect(status).toBe(0);
    expect(output).toContain('Providing INIT-001, which no task of the list makes');
    expect(output).toMatch(/^TASK-050 .* completed .*\(36 ready, 13 blocked, 0 stuck\)$/m);
    expect(output).toMatch(/^TASK-051 .* failed .*\(35 ready, 3 blocked, 10 stuck\)$/m);
    expect(output).toMatch(/tasks worked through │ +36 │\n.*tasks still pending +│ +13 │/);
  });

  it.each(
    processCases<[string, string[], string]>(
      ['a list that is not there', ['nowhere.json'], 'nowhere.json cannot be read'],
      ['a file without tasks', ['package.json'], 'must hold {"tasks": [...]}'],
      ['a file that is not JSON', ['README.md'], 'must hold {"tasks": [...]}'],
      [
        'a service that is not there',
        ['--url', 'http://127.0.0.1:1'],
        'No service answers on http://127.0.0.1:1',
      ],
      ['an option that is not there', ['--projekt', 'p'], 'npm run demo -- [PATH]'],
    ),
  )('the demo says what is wrong with %s', async (_, args, sentence) => {
    const { status, output } = await demo(...args);
    expect(status).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('the demo passes on what the service refuses', async () => {
    const { status, output } = await demo('--url', target.service.url, '--project', 'not valid');
    expect(status).toBe(1);
    expect(output).toContain('Invalid field tasks[0].project_id');
  });
});
