import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { type Defect, startDefectiveProxy } from '../support/defective-proxy.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';
import { runScript, type ScriptOptions } from '../support/run-script.ts';

let service: RunningService;
let database: DatabaseUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  const dataDir = await temporaryFolder('smoke');
  service = await npmStart(['--port', String(await freePort()), '--data-dir', dataDir], {
    DATABASE_URL: database.url,
    LOG_LEVEL: 'error',
  });
});
afterAll(async () => {
  service.signalGroup('SIGTERM');
  await service.exited;
});

const smoke = (args: readonly string[], options: ScriptOptions = {}) =>
  runScript('smoke', args, { ...options, env: { API_KEY: '', ...options.env } });

const linesIn = (output: string) => output.split('\n').filter((line) => /^(ok|FAIL) /.test(line));
const tasksLeft = () => database.query('select task_id from tasks');

/** A run against the service with a defect. */
async function smokeWith(defect: Defect, options?: ScriptOptions) {
  const proxy = await startDefectiveProxy(service.url, defect);
  const run = await smoke([proxy.url, '--insecure'], options);
  proxy.stop();
  return run;
}

describe('npm run smoke', () => {
  it('finds nothing wrong with a service that works, and leaves nothing behind', async () => {
    const { status, output } = await smoke([service.url, '--insecure']);
    expect(linesIn(output)).toEqual([
      expect.stringMatching(/^ok {4}health: healthy, version \S+$/),
      'ok    authentication: skipped, because --insecure says that the service lets everybody in',
      'ok    write then read: each of 50 moves was seen by the read after it',
      'ok    transition race: one of 20 movers won',
      'ok    clean-up: 2 tasks deleted',
    ]);
    expect(status).toBe(0);
    expect(await tasksLeft()).toEqual([]);
  });

  it('leaves the tasks of a given project alone', async () => {
    await database.query(
      `insert into tasks (task_id, project_id, description) values ('TASK-1', 'own', 'Do it')`,
    );
    const { status } = await smoke([service.url, '--insecure', '--project', 'own']);
    expect(status).toBe(0);
    expect(await tasksLeft()).toEqual([{ task_id: 'TASK-1' }]);
    await database.query('delete from tasks');
  });

  it('fails where a cache answers reads, and cleans up', async () => {
    const { status, output } = await smokeWith('caches_reads');
    expect(status).toBe(1);
    expect(output).toMatch(
      /^FAIL {2}write then read: the read after move 2 of 50 does not see it.*Hyperdrive/m,
    );
    expect(output).toContain('ok    transition race');
    expect(output).toContain('ok    clean-up: 2 tasks deleted');
    expect(await tasksLeft()).toEqual([]);
  });

  it('fails where a race has several winners', async () => {
    const { status, output } = await smokeWith('no_loser');
    expect(status).toBe(1);
    expect(output).toContain('FAIL  transition race: 20 of 20 movers won the same task');
    expect(await tasksLeft()).toEqual([]);
  });

  it('fails where it cannot clean up, and names what it leaves', async () => {
    const { status, output } = await smokeWith('no_delete');
    expect(status).toBe(1);
    expect(output).toMatch(
      /^FAIL {2}clean-up: project smoke-\d+ may still have SMOKE-\d+, SMOKE-\d+: DELETE .* 403/m,
    );
    expect(await tasksLeft()).toHaveLength(2);
    await database.query('delete from tasks');
  });

  it('fails where a service that should ask for a key lets everybody in', async () => {
    const { status, output } = await smoke([service.url], { env: { API_KEY: 'some-key' } });
    expect(status).toBe(1);
    expect(output).toMatch(/^FAIL {2}authentication: without a key GET \/tasks\/next\S* was answered 200/m);
    expect(output).not.toContain('some-key');
  });

  it('finds that a service refuses strangers, and needs a key for that', async () => {
    const key = 'a-key-of-this-test-0123456789';
    const keyed = await npmStart(
      ['--port', String(await freePort()), '--data-dir', await temporaryFolder('smoke-keyed')],
      { DATABASE_URL: database.url, LOG_LEVEL: 'silent', API_KEY: key },
    );
    try {
      const { status, output } = await smoke([keyed.url], { env: { API_KEY: key } });
      expect(output).toContain(
        'ok    authentication: no key and a wrong key are refused, the given one is not',
      );
      expect(status).toBe(0);
      const wrong = await smoke([keyed.url], { env: { API_KEY: 'another-key' } });
      expect(wrong.status).toBe(1);
      expect(wrong.output).toMatch(/^FAIL {2}authentication: GET \S+ was answered 401, Invalid API key/m);
      expect(wrong.output).not.toContain('another-key');
      expect(await tasksLeft()).toEqual([]);
    } finally {
      keyed.signalGroup('SIGTERM');
      await keyed.exited;
    }
  });

  it('cleans up when it is told to stop', async () => {
    let told = false;
    const { status, output } = await smokeWith('slow', {
      onOutput: (output, signalGroup) => {
        if (told || !output.includes('ok    authentication')) return;
        told = true;
        setTimeout(() => signalGroup('SIGINT'), 400);
      },
    });
    expect(status).not.toBe(0);
    expect(output).toContain('FAIL  write then read: told to stop');
    expect(output).not.toContain('transition race');
    expect(output).toContain('ok    clean-up: 1 tasks deleted');
    expect(await tasksLeft()).toEqual([]);
  });

  it.each([
    ['no service', [], 'Name one service'],
    ['a service without a scheme', ['localhost:8080', '--insecure'], 'Name one service'],
    ['no key', ['https://tasks.example.com'], 'Set API_KEY, or pass --key'],
    ['a key with a space', ['https://tasks.example.com', '--key', 'a b'], 'Set API_KEY, or pass --key'],
    ['an option that is not there', ['--keys', 'x'], 'npm run smoke -- https://HOST'],
    [
      'a service that is not there',
      ['http://127.0.0.1:1', '--insecure'],
      'No service answers on http://127.0.0.1:1',
    ],
  ])('says what is wrong with %s', async (_, args, sentence) => {
    const { status, output } = await smoke(args);
    expect(status).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });
});
