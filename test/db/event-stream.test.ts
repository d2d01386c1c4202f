import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LOOKS } from '../../src/domain/waits.ts';
import { type AppUnderTest, type AppUnderTestOptions, appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { look, readOn } from '../support/feed.ts';

const STREAM = { accept: 'text/event-stream' };

/** The messages of a stream, by field; a comment has the field ''. */
function messagesIn(text: string): Record<string, string>[] {
  return text
    .split('\n\n')
    .filter((message) => message !== '')
    .map((message) => Object.fromEntries(message.split('\n').map(fieldOf)));
}

function fieldOf(line: string): [string, string] {
  const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
  return [name, value];
}

const eventsIn = (text: string) => messagesIn(text).filter(({ data }) => data !== undefined);

describe.each(DRIVERS)('waiting for events over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  /** A service whose pauses run these, one after another, and take no time of their own but that of the clock. */
  function waitingApp(steps: readonly (() => Promise<unknown>)[], options: AppUnderTestOptions = {}) {
    const left = [...steps];
    let time = 0;
    const pauses: number[] = [];
    const sleep = async (milliseconds: number) => {
      pauses.push(milliseconds);
      time += milliseconds;
      await left.shift()?.();
    };
    const waiting = appUnderTest({
      driver,
      connectionString: database[driver],
      pauses: { sleep, now: () => time, random: () => 0 },
      ...options,
    });
    return { waiting, pauses };
  }

  const addReadable = async (...tasks: string[]) => {
    await app.add('p', ...tasks);
    await readOn(app, 'p');
  };
  const idOf = ({ data = '{}' }: Record<string, string>) => JSON.parse(data).task_id;

  describe('wait_seconds', () => {
    it('an answer comes at once where there is an event', async () => {
      await addReadable('TASK-1');
      const { waiting, pauses } = waitingApp([]);
      expect(await look(waiting, 'p', '&wait_seconds=50')).toMatchObject({ events: [{}] });
      expect(pauses).toEqual([]);
    });

    it('an answer waits for an event', async () => {
      const start = await look(app, 'p');
      const { waiting, pauses } = waitingApp([async () => undefined, () => addReadable('TASK-1')]);
      const { events } = await look(waiting, 'p', `&after=${start.next_cursor}&wait_seconds=50`);
      expect(events).toMatchObject([{ task_id: 'TASK-1' }]);
      expect(pauses).toEqual([250, 500]);
    });

    it('an answer without events comes when the time is up', async () => {
      const { waiting, pauses } = waitingApp([]);
      expect(await look(waiting, 'p', '&wait_seconds=2')).toMatchObject({ events: [], has_more: false });
      expect(pauses.reduce((sum, pause) => sum + pause)).toBe(2_000);
    });

    it('a wait takes fewer looks than a request has subrequests', async () => {
      const { waiting, pauses } = waitingApp([], {});
      await look(waiting, 'p', '&wait_seconds=50');
      expect(pauses.length).toBeLessThan(MAX_LOOKS);
    });

    it('each look of a wait has a connection of its own', async () => {
      const hyperdrive = appUnderTest({
        driver: 'hyperdrive',
        connectionString: database.hyperdrive,
        pauses: { sleep: () => Promise.resolve(), now: () => 0, random: () => 0 },
      });
      const before = await database.counts();
      await look(hyperdrive, 'p', '&wait_seconds=1');
      const after = await database.counts();
      expect(after.statements - before.statements).toBe(MAX_LOOKS);
      expect(after.connections - before.connections).toBe(MAX_LOOKS);
    });
  });

  describe('a stream', () => {
    it('a stream has each event with its cursor, type and JSON, and then ends', async () => {
      await addReadable('TASK-1');
      await app.move('p', 'TASK-1', { status: 'in_progress' });
      const { events } = await readOn(app, 'p');
      const { waiting, pauses } = waitingApp([]);
      const response = await waiting.send('/events?project=p', { headers: STREAM });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const text = await response.text();
      expect(eventsIn(text)).toEqual(
        events.map((event) => ({ id: event.cursor, event: event.type, data: JSON.stringify(event) })),
      );
      expect(pauses).toHaveLength(MAX_LOOKS - 1);
    });

    it('a stream tells first when to connect again', async () => {
      const { waiting } = waitingApp([]);
      const text = await (await waiting.send('/events?project=p', { headers: STREAM })).text();
      expect(text).toMatch(/^retry: 1000\n\n/);
    });

    it('a stream brings what happens while it is open, once', async () => {
      const steps = ['TASK-1', 'TASK-2', 'TASK-3'].map((id) => () => addReadable(id));
      const { waiting } = waitingApp(steps);
      const text = await (await waiting.send('/events?project=p', { headers: STREAM })).text();
      expect(eventsIn(text).map(idOf)).toEqual(['TASK-1', 'TASK-2', 'TASK-3']);
    });

    it('a silent stream has a comment before 15 s are over', async () => {
      const { waiting, pauses } = waitingApp([]);
      const text = await (await waiting.send('/events?project=p', { headers: STREAM })).text();
      const comments = messagesIn(text).filter((message) => message[''] === 'keep-alive').length;
      const total = pauses.reduce((sum, pause) => sum + pause);
      expect(total / comments).toBeLessThanOrEqual(16_000);
      expect(total / comments).toBeGreaterThan(12_000);
    });

    it('Last-Event-ID goes before after', async () => {
      await addReadable('TASK-1', 'TASK-2', 'TASK-3');
      const { events } = await readOn(app, 'p');
      const { waiting } = waitingApp([]);
      const headers = { ...STREAM, 'last-event-id': events[1]?.cursor ?? '' };
      const text = await (await waiting.send('/events?project=p&after=now', { headers })).text();
      expect(eventsIn(text).map(idOf)).toEqual(['TASK-3']);
    });

    it('a stream from now on that breaks off before the first event can be taken up again', async () => {
      await addReadable('TASK-1');
      const { waiting } = waitingApp([]);
      const text = await (await waiting.send('/events?project=p&after=now', { headers: STREAM })).text();
      const id = messagesIn(text).find((message) => message['id'] !== undefined)?.['id'] ?? '';
      await addReadable('TASK-2');
      const headers = { ...STREAM, 'last-event-id': id };
      const next = await (
        await waitingApp([]).waiting.send('/events?project=p&after=now', { headers })
      ).text();
      expect(eventsIn(next).map(idOf)).toEqual(['TASK-2']);
    });

    it('a stream of some types tells the position of the others it has passed', async () => {
      await addReadable('TASK-1');
      const { cursor } = await readOn(app, 'p');
      const { waiting } = waitingApp([]);
      const text = await (await waiting.send('/events?project=p&types=deleted', { headers: STREAM })).text();
      expect(eventsIn(text)).toEqual([]);
      expect(messagesIn(text).at(1)).toEqual({ id: cursor });
    });

    it('a reader that leaves ends the looks', async () => {
      let isAsleep: () => void = () => undefined;
      const asleep = new Promise<void>((resolve) => {
        isAsleep = resolve;
      });
      const { waiting } = waitingApp([], {
        pauses: {
          sleep: () => {
            isAsleep();
            return new Promise(() => undefined);
          },
        },
      });
      const response = await waiting.send('/events?project=p', { headers: STREAM });
      const reader = response.body?.getReader();
      await reader?.read();
      const next = reader?.read();
      await asleep;
      const { statements } = await database.counts();
      await reader?.cancel();
      expect((await next)?.done).toBe(true);
      expect((await database.counts()).statements).toBe(statements);
    });

    it('a client whose request is aborted ends the stream', async () => {
      const client = new AbortController();
      const { waiting, pauses } = waitingApp([async () => undefined, async () => client.abort()]);
      const response = await waiting.send('/events?project=p', { headers: STREAM, signal: client.signal });
      await response.text().catch(() => undefined);
      expect(pauses).toHaveLength(2);
    });

    it('a stream whose database fails ends, so that its client connects again', async () => {
      await addReadable('TASK-1');
      const { waiting, pauses } = waitingApp([
        async () => undefined,
        async () => {
          await database.inject('refused');
        },
      ]);
      const response = await waiting.send('/events?project=p', { headers: STREAM });
      expect(eventsIn(await response.text()).map(idOf)).toEqual(['TASK-1']);
      expect(pauses).toHaveLength(2);
      await database.inject('none');
    });

    it('HEAD has the headers of a stream, and takes no look after the first', async () => {
      const { waiting, pauses } = waitingApp([]);
      const response = await waiting.send('/events?project=p', { method: 'HEAD', headers: STREAM });
      expect([response.status, await response.text()]).toEqual([200, '']);
      expect(pauses).toEqual([]);
    });

    it.each(['*/*', 'application/json', 'text/event-streams', ''])(
      'a client that accepts %j gets JSON',
      async (accept) => {
        const response = await app.send('/events?project=p', { headers: { accept } });
        expect(response.headers.get('content-type')).toContain('application/json');
      },
    );

    it('a stream is asked for among others', async () => {
      const { waiting } = waitingApp([]);
      const headers = { accept: 'application/json;q=0.5, Text/Event-Stream; q=0.9' };
      const response = await waiting.send('/events?project=p', { headers });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      await response.body?.cancel();
    });
  });

  describe('a stream that cannot begin', () => {
    const { keys, access } = keysFor({
      reader: { projects: ['p'], scopes: ['read'] },
      writer: { projects: ['p'], scopes: ['write'] },
    });
    const refusal = async (path: string, key = keys.reader, more: Record<string, string> = {}) => {
      const closed = appUnderTest({ driver, connectionString: database[driver], access });
      const { status, headers, body } = await withCredential(closed, key).get(path, {
        headers: { ...STREAM, ...more },
      });
      expect(headers.get('content-type')).toContain('application/json');
      return [status, body.code];
    };

    it.each([
      ['/events?project=other', [403, 'project_forbidden']],
      ['/events', [400, 'validation_error']],
      ['/events?project=p&after=x', [400, 'validation_error']],
    ])('%s is refused in JSON', async (path, expected) => {
      expect(await refusal(path)).toEqual(expected);
    });

    it('a credential without the scope is refused in JSON', async () => {
      expect(await refusal('/events?project=p', keys.writer)).toEqual([403, 'insufficient_scope']);
    });

    it('nobody without a credential gets a stream', async () => {
      expect(await refusal('/events?project=p', 'wrong')).toEqual([401, 'invalid_credential']);
    });

    it('an expired Last-Event-ID is refused in JSON', async () => {
      const { next_cursor } = await look(app, 'p');
      await database.query('update log_state set epoch = gen_random_uuid()');
      const answer = await refusal('/events?project=p', keys.reader, { 'last-event-id': next_cursor });
      expect(answer).toEqual([410, 'cursor_expired']);
    });

    it('a Last-Event-ID of another form is refused in JSON', async () => {
      expect(await refusal('/events?project=p', keys.reader, { 'last-event-id': '7' })).toEqual([
        400,
        'validation_error',
      ]);
    });
  });
});
