import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smoke, smokeWith, tasksLeft } from '../support/smoke-run.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let target: TestService;

beforeAll(async () => {
  target = await startTestService({ LOG_LEVEL: 'error' });
});
afterAll(() => target.stop());

describe('npm run smoke', () => {
  it('the smoke test leaves the tasks of a given project alone', async () => {
    await target.database.query(
      `insert into tasks (task_id, project_id, description) values ('TASK-1', 'own', 'Do it')`,
    );
    const { status } = await smoke([target.service.url, '--insecure', '--project', 'own']);
    expect(status).toBe(0);
    expect(await tasksLeft(target)).toEqual([{ task_id: 'TASK-1' }]);
    await target.database.query('delete from tasks');
  });

  it('the smoke test fails where a race has several winners', async () => {
    const { status, output } = await smokeWith(target, 'no_loser');
    expect(status).toBe(1);
    expect(output).toContain('FAIL  transition race: 20 of 20 movers won the same task');
    expect(await tasksLeft(target)).toEqual([]);
  });

  it('the smoke test fails where it cannot clean up, and names what it leaves', async () => {
    const { status, output } = await smokeWith(target, 'no_delete');
    expect(status).toBe(1);
    expect(output).toMatch(
      /^FAIL {2}clean-up: project smoke-\d+ may still have SMOKE-\d+, SMOKE-\d+: DELETE .* 403/m,
    );
    expect(await tasksLeft(target)).toHaveLength(2);
    await target.database.query('delete from tasks');
  });

  it('the smoke test fails where a service with a key lets everybody in', async () => {
    const { status, output } = await smoke([target.service.url], { env: { API_KEY: 'some-key' } });
    expect(status).toBe(1);
    expect(output).toMatch(/^FAIL {2}authentication: without a key GET \/tasks\/next\S* was answered 200/m);
    expect(output).not.toContain('some-key');
  });

  it('the smoke test finds, with a key, that a service refuses strangers', async () => {
    const key = 'a-key-of-this-test-0123456789';
    const keyed = await startTestService({ LOG_LEVEL: 'silent', API_KEY: key }, target.database);
    try {
      const { status, output } = await smoke([keyed.service.url], { env: { API_KEY: key } });
      expect(output).toContain(
        'ok    authentication: no key and a wrong key are refused, the given one is not',
      );
      expect(status).toBe(0);
      const wrong = await smoke([keyed.service.url], { env: { API_KEY: 'another-key' } });
      expect(wrong.status).toBe(1);
      expect(wrong.output).toMatch(/^FAIL {2}authentication: GET \S+ was answered 401, Invalid API key/m);
      expect(wrong.output).not.toContain('another-key');
      expect(await tasksLeft(target)).toEqual([]);
    } finally {
      await keyed.stop();
    }
  });
});
