import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { isMistypedKey } from '../../src/auth/api-key.ts';
import { apiOver } from '../support/api.ts';
import { withCredential } from '../support/credentials.ts';
import { openTestDatabase } from '../support/database.ts';
import { npmStart } from '../support/npm-start.ts';
import { processCases } from '../support/process-cases.ts';
import { commandFor } from '../support/run-command.ts';

function run(script: string, ...args: string[]) {
  const [command, words] = commandFor(script, args);
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, output: stdout, problem: stderr };
}

function shownIn(output: string): { key: string; entry: Record<string, unknown> } {
  const [key = ''] = /ttk_\w+/.exec(output) ?? [];
  const [entry = 'null'] = /\{.*\}/.exec(output) ?? [];
  // The script prints one line of JSON, an object.
  return { key, entry: JSON.parse(entry) as Record<string, unknown> };
}

async function startWith(variables: Readonly<Record<string, string>>) {
  const database = await openTestDatabase();
  const folder = await temporaryFolder('access');
  const env = { DATABASE_URL: database.url, ...variables };
  const service = await npmStart(['--port', String(await freePort()), '--data-dir', folder], env);
  const api = apiOver((to, init) => fetch(`${service.url}${to}`, init));
  const stop = async () => {
    service.signalGroup('SIGTERM');
    await service.exited;
    await rm(folder, { recursive: true, force: true });
  };
  return { service, api, stop };
}

describe('npm run key:create', () => {
  it('key:create shows a key once, with the entry that admits it to npm start', async () => {
    const { status, output } = run('key:create', '--name', 'mcp', '--project', 'p', '--project', 'q');
    expect(status).toBe(0);
    const { key, entry } = shownIn(output);
    expect(isMistypedKey(key)).toBe(false);
    expect(entry).toEqual({
      name: 'mcp',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      projects: ['p', 'q'],
      scopes: ['read', 'write'],
    });
    expect(output.split(key)).toHaveLength(2);

    const { service, api, stop } = await startWith({ API_KEYS: JSON.stringify([entry]) });
    expect(service.output()).toContain('It asks for a credential');
    expect(service.output()).not.toContain('ALLOW_ANONYMOUS');
    expect((await api.get('/tasks?project=p')).status).toBe(401);
    const known = withCredential(api, key);
    await known.add('p', 'TASK-1');
    expect((await known.get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
    expect((await known.get('/tasks/next?project=r')).body.code).toBe('project_forbidden');
    const demo = (...args: string[]) => run('demo', '--url', service.url, '--project', 'q', ...args);
    expect(demo('--key', key)).toMatchObject({ status: 0 });
    expect(demo()).toMatchObject({ status: 1, problem: expect.stringContaining('Missing Authorization') });
    await stop();
    expect(service.output()).not.toContain(key);
  });

  it('key:create makes a key for every project with a star', () => {
    const { entry } = shownIn(
      run('key:create', '--name', 'ops', '--project', '*', '--scope', 'admin').output,
    );
    expect(entry).toMatchObject({ projects: '*', scopes: ['admin'] });
  });

  it.each(
    processCases<[string[], string]>(
      [['--project', 'p'], 'Give a name and a project'],
      [['--name', 'x'], 'Give a name and a project'],
      [['--name', 'a b', '--project', 'p'], 'name must be 1 to 100 letters'],
      [['--name', 'x', '--project', 'a b'], 'projects must be'],
      [['--name', 'x', '--project', 'p', '--scope', 'all'], 'scopes must be a list of read, write, admin'],
      [['--nme', 'x'], 'npm run key:create -- --name NAME'],
    ),
  )('key:create refuses %j and says why', (args, sentence) => {
    expect(run('key:create', ...args)).toMatchObject({
      status: 1,
      problem: expect.stringContaining(sentence),
      output: '',
    });
  });
});

describe('npm start without a key', () => {
  it('npm start lets everybody in, and says so, except through Cloudflare', async () => {
    const { service, api, stop } = await startWith({});
    expect(service.output()).toContain(
      'ALLOW_ANONYMOUS=true: whoever reaches it may read and write every project',
    );
    expect((await api.get('/tasks?project=p')).status).toBe(200);
    const tunnelled = await api.get('/tasks?project=p', { headers: { 'cf-ray': '8f2b6e1c0d3a4b5c-FRA' } });
    expect([tunnelled.status, tunnelled.body.code]).toEqual([500, 'not_configured']);
    await stop();
  });

  it('npm start says what is wrong with a key that it cannot use, and not the key', async () => {
    const service = await npmStart(['--port', String(await freePort())], {
      DATABASE_URL: (await openTestDatabase()).url,
      API_KEY: 'hunter2',
    });
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain('set API_KEY to at least 8');
    expect(service.output()).not.toContain('hunter2');
  });
});
