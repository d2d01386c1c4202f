import { encodeLogCursor, type LogPosition } from '../contract/log-cursor.ts';
import { readEventsInput, readEventsOutput } from '../contract/read-events.ts';
import { refusal } from '../domain/errors/index.ts';
import { EVENTS_PER_LOOK } from '../domain/events.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { READ_EVENTS } from './read-events-statement.ts';

/** The events of a project from a position on, none twice and none left out. Rejects with `cursor_expired`. */
export const readEvents = defineOperation({
  name: 'read_events',
  scope: 'read',
  summary: 'Follow what happens in a project',
  description:
    'Lists the changes of all tasks of a project from a position on: pass next_cursor as after, again and again. A reader sees each event exactly once and in an order that never changes; the changes of one task may come out of order, so sort them by seq where that matters. An event comes once every transaction that began before it has ended; lag_seconds tells how far that holds the answer back. Waits up to wait_seconds for an event. With Accept: text/event-stream, the events come as Server-Sent Events, whose id is the position after each: the stream ends after a minute or so, and a client that connects again with Last-Event-ID goes on there.',
  answer: 'The events, and where to go on',
  errors: ['cursor_expired'],
  input: readEventsInput,
  output: readEventsOutput,
  projects: ({ project }) => [project],
  statements: [READ_EVENTS],
  examples: [
    { project: 'ai-agent-mcp-server' },
    { project: 'ai-agent-mcp-server', after: 'now', types: 'claimed,moved', limit: 20 },
  ],
  async run({ run }, { project, after, types, limit = LIMITS.eventsPerPage }) {
    const position = typeof after === 'string' ? undefined : after;
    const found = await run(READ_EVENTS, {
      project,
      types,
      from_now: after === 'now',
      after_epoch: position?.epoch ?? null,
      after_xid: position?.xid ?? null,
      after_seq: position?.seq ?? null,
      // One more than asked for shows whether there is more.
      max_rows: limit + 1,
      max_read: types === null ? limit + 1 : EVENTS_PER_LOOK,
    });
    const [first] = found;
    // The statement has a row for every caller that may see the project, which was checked.
    if (first === undefined) throw new TypeError('The log has no state');
    const { log } = first;
    const at = ({ xid, seq }: Omit<LogPosition, 'epoch'>) => encodeLogCursor({ epoch: log.epoch, xid, seq });
    if (log.isExpired) throw refusal('cursor_expired', { floor: at(log.floor), head: at(log.head) });
    const read = found.map(({ entry }) => entry).filter((entry) => entry !== undefined);
    const shown = read.filter(({ isShown }) => isShown);
    const isCut = shown.length > limit;
    const page = shown.slice(0, limit);
    // A position is always that of an event that was read, or the given one: after a crash, PostgreSQL gives out again
    // the ids of transactions that left no trace, so the end of what was readable is none.
    const last = (isCut ? page : read).at(-1);
    return {
      events: page.map(({ event, position }) => ({ ...event, cursor: at(position) })),
      next_cursor: at(last?.position ?? log.start),
      has_more: isCut || last?.isLastOfLook === true,
      lag_seconds: log.lagSeconds,
    };
  },
});
