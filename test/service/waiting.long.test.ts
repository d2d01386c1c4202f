import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { MAX_WAITS } from '../../src/domain/waits.ts';
import { type Api, apiOver } from '../support/api.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';

const KEY = 'a-key-of-this-test-0123456789';
/** More than the longest pause of a wait. */
const LONG_MS = 2_500;
/** Well below the wait, and enough for a machine with other work. */
const SOON_MS = 15_000;
const PATIENCE_MS = 60_000;
const WAIT = { wait_seconds: 50 };

let database: DatabaseUnderTest;
let service: RunningService;
let folder: string;
let api: Api;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await temporaryFolder('waiting');
  service = await npmStart(['--port', String(await freePort()), '--data-dir', folder], {
    // The way that counts the statements.
    DATABASE_URL: database.hyperdrive,
    LOG_LEVEL: 'silent',
    API_KEY: KEY,
  });
  const authorization = `Bearer ${KEY}`;
  api = apiOver((path, init = {}) =>
    fetch(`${service.url}${path}`, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), authorization },
    }),
  );
});
afterAll(async () => {
  service.signalGroup('SIGTERM');
  await service.exited;
  await rm(folder, { recursive: true, force: true });
});

/**
 * A waiting claim over a connection that can be reset. The runtime alone, unlike Cloudflare's edge, does not notice one
 * that is only closed.
 */
function claimOverSocket(project: string, agent: string): Socket {
  const body = JSON.stringify({ project_id: project, agent_id: agent, ...WAIT });
  const head = [
    'POST /tasks/claim HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${KEY}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => {
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
  socket.on('error', () => undefined);
  return socket;
}

async function statements(): Promise<number> {
  return (await database.counts()).statements;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await sleep(20)) {
    if (Date.now() > end) throw new Error(`It is not so within ${PATIENCE_MS} ms`);
  }
}

describe('a waiting claim to the production build', () => {
  it('a waiting claim gets a task soon after it is added', async () => {
    const claim = api.claim('added', 'a', WAIT);
    await sleep(LONG_MS);
    await api.add('added', 'TASK-1');
    const began = Date.now();
    expect((await claim).body).toMatchObject({ reason: 'claimed', task: { task_id: 'TASK-1' } });
    expect(Date.now() - began).toBeLessThan(SOON_MS);
  });

  it('a waiting claim whose client goes away looks no more, and claims nothing', async () => {
    const before = await statements();
    const socket = claimOverSocket('gone', 'a');
    // It is in a pause after several looks.
    await until(async () => (await statements()) >= before + 3);
    socket.resetAndDestroy();
    await api.add('gone', 'TASK-1');
    const since = await statements();
    await sleep(LONG_MS);
    expect((await statements()) - since).toBe(0);
    expect((await api.get('/tasks/TASK-1?project=gone')).body.task).toMatchObject({
      status: 'pending',
      attempt: 0,
      claimed_by: null,
    });
  });

  it('clients that go away give their places back at once', async () => {
    const probe = async () => (await api.get('/tasks/next?project=full&wait_seconds=1')).status;
    const sockets = Array.from({ length: MAX_WAITS + 1 }, (_, n) => claimOverSocket('full', `agent-${n}`));
    // One is refused, and the others wait.
    await Promise.race(sockets.map((socket) => once(socket, 'data')));
    expect(await probe()).toBe(429);
    for (const socket of sockets) socket.resetAndDestroy();
    await until(async () => (await probe()) === 200);
    const all = Array.from({ length: MAX_WAITS }, probe);
    expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
  });
});
