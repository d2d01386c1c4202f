import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOver } from '../support/api.ts';
import { readOn } from '../support/feed.ts';
import { until } from '../support/own-postgres.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

/** How long ago the last look at the log began; null where there was none. */
const LAST_LOOK = `
  select extract(epoch from clock_timestamp() - max(query_start))::float8 as seconds
  from pg_stat_activity
  where datname = current_database()
    and pid <> pg_backend_pid()
    and query like '%pg_current_snapshot() as snapshot%'`;

/** More than the longest pause between two looks. */
const PAUSE_SECONDS = 3;

describe('npm start and readers that wait', () => {
  let running: TestService;
  let api: Api;

  beforeAll(async () => {
    running = await startTestService();
    api = apiOver((path, init) => fetch(`${running.service.url}${path}`, init));
  });
  afterAll(() => running.stop());

  const secondsSinceLook = async () => {
    const [row] = await running.database.query<{ seconds: number | null }>(LAST_LOOK);
    return row?.seconds ?? Number.POSITIVE_INFINITY;
  };
  const looksGoOn = () => until(async () => (await secondsSinceLook()) < 1);
  const looksEnd = () => until(async () => (await secondsSinceLook()) > PAUSE_SECONDS);

  /** Sends a request over a connection that the test can reset: workerd takes its mere end for that of the request. */
  function ask(path: string, accept: string): Socket {
    const { port } = new URL(running.service.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\n\r\n`);
    return socket;
  }

  it('the looks of a wait end with its client', async () => {
    const socket = ask('/events?project=none&wait_seconds=50', '*/*');
    await looksGoOn();
    socket.resetAndDestroy();
    await looksEnd();
  });

  it('a stream brings an event soon after the change, and its looks end with its client', async () => {
    const socket = ask('/events?project=p', 'text/event-stream');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    await until(() => text.includes('retry: 1000'));
    await api.add('p', 'TASK-1');
    await until(() => text.includes('data: '));
    expect(text).toMatch(/id: \S+\nevent: added\ndata: \{"seq":\d+,"project_id":"p","task_id":"TASK-1",/);
    await looksGoOn();
    socket.resetAndDestroy();
    await looksEnd();
  });

  it('a wait ends with an event', async () => {
    const { cursor } = await readOn(api, 'waited');
    const answer = api.get(`/events?project=waited&after=${cursor}&wait_seconds=50`);
    await looksGoOn();
    await api.add('waited', 'TASK-1');
    expect((await answer).body).toMatchObject({ success: true, events: [{ task_id: 'TASK-1' }] });
  });
});
