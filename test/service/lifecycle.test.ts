import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { apiOver } from '../support/api.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';

describe('npm start with its own PostgreSQL', () => {
  let dataDir: string;
  let port: number;

  beforeAll(async () => {
    dataDir = await temporaryFolder('lifecycle');
    port = await freePort();
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const start = () => npmStart(['--port', String(port), '--data-dir', dataDir]);
  const apiOf = ({ url }: RunningService) => apiOver((to, init) => fetch(`${url}${to}`, init));
  const postmaster = async () => {
    const file = await readFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
    return Number.parseInt(file, 10);
  };

  it('keeps its data over Ctrl-C, SIGTERM and kill -9, and leaves nothing running', async () => {
    const first = await start();
    expect(first.output()).toContain(`curl 'http://localhost:${port}/tasks/next?project=demo'`);
    await apiOf(first).add('p', 'TASK-1');
    const firstPostmaster = await postmaster();
    first.signalGroup('SIGINT');
    await first.exited;
    expect(isRunning(firstPostmaster)).toBe(false);
    expect(await isListening(port)).toBe(false);

    const second = await start();
    expect((await apiOf(second).get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
    await apiOf(second).move('p', 'TASK-1', { status: 'in_progress' });
    const secondPostmaster = await postmaster();
    second.signalGroup('SIGKILL');
    await second.exited;

    const third = await start();
    const { body } = await apiOf(third).get('/tasks/TASK-1?project=p');
    expect(body.task?.status).toBe('in_progress');
    expect(isRunning(secondPostmaster)).toBe(false);
    const thirdPostmaster = await postmaster();
    third.process.kill('SIGTERM');
    await third.exited;
    await until(() => !isRunning(thirdPostmaster));
    await until(async () => !(await isListening(port)));
  });

  it('ends with the npm that runs it, even when that is killed', async () => {
    const service = await start();
    const pid = await postmaster();
    service.process.kill('SIGKILL');
    await service.exited;
    await until(() => !isRunning(pid));
    await until(async () => !(await isListening(port)));
  });

  it('starts where a crash left the pid of what is now another program', async () => {
    await writeFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), `${process.pid}\n`);
    const service = await start();
    expect(service.output()).toContain('is ready on');
    service.signalGroup('SIGTERM');
    await service.exited;
  });

  it('begins anew where a link leads nowhere', async () => {
    const folder = await temporaryFolder('dangling');
    await symlink(path.join(folder, 'gone'), path.join(folder, 'postgres'));
    const service = await npmStart(['--port', String(port), '--data-dir', folder]);
    expect(service.output()).toContain('is ready on');
    service.signalGroup('SIGTERM');
    await service.exited;
    await rm(folder, { recursive: true });
  });

  it('refuses a data folder that another one uses', async () => {
    const service = await start();
    const second = await npmStart(['--port', String(await freePort()), '--data-dir', dataDir]);
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/is in use by process \d+: stop the other npm start/);
    service.signalGroup('SIGTERM');
    await service.exited;
  });
});

describe('npm start that cannot start', () => {
  it.each([
    ['an unknown option', ['--prot', '9000'], {}, 'npm start -- [--port 8080]'],
    ['a port that is none', ['--port', '99999'], {}, '--port must be a number from 1 to 65535, not 99999'],
    [
      'a database of another kind',
      [],
      { DATABASE_URL: 'mysql://host' },
      'DATABASE_URL must look like postgres://',
    ],
    [
      'a password that needs encoding',
      [],
      { DATABASE_URL: 'postgres://user:secret-word/x@127.0.0.1/database' },
      'percent-encoded',
    ],
    ['a host of another machine', ['--host', '192.0.2.1'], {}, 'Nothing can listen on 192.0.2.1:8080'],
    [
      'a database that nobody serves',
      [],
      { DATABASE_URL: 'postgres://user:secret-word@127.0.0.1:1/database' },
      'The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1. Check DATABASE_URL',
    ],
  ])('says what is wrong with %s and exits with 1', async (_, args, env, sentence) => {
    const service = await npmStart(args, env);
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain(sentence);
    expect(service.output()).not.toMatch(/^ +at |secret-word/m);
  });

  it('says that its port is taken and exits with 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const dataDir = await temporaryFolder('taken');
    const service = await npmStart(['--port', String(port), '--data-dir', dataDir]);
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain(
      `Port ${port} is taken: stop what listens there, or pass another --port`,
    );
    taken.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isListening(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/openapi.json`).then(
    () => true,
    () => false,
  );
}

/** Waits for something that happens soon by itself. */
async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  for (const patience = Date.now() + 10_000; !(await happened()); await sleep(50)) {
    if (Date.now() > patience) throw new Error('It did not happen within 10 s');
  }
}
