import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { apiOver } from '../support/api.ts';
import { npmStart } from '../support/npm-start.ts';
import { isListening, isRunning, postmasterIn } from '../support/own-postgres.ts';
import { processCases } from '../support/process-cases.ts';

describe('npm start with its own PostgreSQL', () => {
  it('npm start keeps its data over Ctrl-C and leaves nothing running', async () => {
    const dataDir = await temporaryFolder('lifecycle');
    const port = await freePort();
    const api = apiOver((to, init) => fetch(`http://127.0.0.1:${port}${to}`, init));
    const start = () => npmStart(['--port', String(port), '--data-dir', dataDir]);

    const first = await start();
    expect(first.output()).toContain(`curl 'http://localhost:${port}/tasks/next?project=demo'`);
    await api.add('p', 'TASK-1');
    const postmaster = await postmasterIn(dataDir);
    first.signalGroup('SIGINT');
    await first.exited;
    expect(isRunning(postmaster)).toBe(false);
    expect(await isListening(port)).toBe(false);

    const second = await start();
    expect((await api.get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
    second.signalGroup('SIGINT');
    await second.exited;
    await rm(dataDir, { recursive: true, force: true });
  });
});

describe('npm start that cannot start', () => {
  it.each(
    processCases<[string, string[], Record<string, string>, string]>(
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
    ),
  )('npm start says what is wrong with %s and exits with 1', async (_, args, env, sentence) => {
    const service = await npmStart(args, env);
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain(sentence);
    expect(service.output()).not.toMatch(/^ +at |secret-word/m);
  });

  it('npm start says that its port is taken and exits with 1', async () => {
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
