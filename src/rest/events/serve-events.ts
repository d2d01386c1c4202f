import type { z } from 'zod';
import { decodeLogCursor } from '../../contract/log-cursor.ts';
import type { readEventsOutput } from '../../contract/read-events.ts';
import { MAX_LOOKS } from '../../domain/waits.ts';
import { followed, PAUSES } from '../../operations/feed-waiting.ts';
import type { Asked } from '../row.ts';
import { eventStream } from './event-stream.ts';
import { EVENT_STREAM, wantsStream } from './media-type.ts';

export type Page = z.output<typeof readEventsOutput>;

/** The looks of a stream at their longest pauses. */
const LONGEST_STREAM_MS = MAX_LOOKS * PAUSES.longest;

const noWait = () => undefined;

/** Answers with the next events, or as a stream of them; waits in either case. Refuses before a stream begins. */
export async function serveEvents(asked: Asked): Promise<Response> {
  const { c, input, run, pauses } = asked;
  const isStream = wantsStream(c);
  const left = new AbortController();
  const { wait_seconds } = input;
  const waited = typeof wait_seconds === 'number' ? wait_seconds : 0;
  // Only read_events has this route.
  const look = (before: Page | undefined) => run(goOn(input, before)) as Promise<Page>;
  const pages = followed(look, {
    ...pauses,
    seconds: isStream ? Number.POSITIVE_INFINITY : waited,
    looks: MAX_LOOKS,
    signal: AbortSignal.any([c.req.raw.signal, left.signal]),
  });
  const leaveWait =
    isStream || waited > 0 ? asked.enterWait(isStream ? LONGEST_STREAM_MS : waited * 1_000) : noWait;
  // A request whose client has gone away may come to no end of its own.
  c.req.raw.signal.addEventListener('abort', leaveWait, { once: true });
  let isStreaming = false;
  try {
    const first = await pages.next();
    // The first look comes before any reason to end.
    if (first.done) throw new TypeError('No look was taken');
    if (!isStream) return c.json({ success: true, ...(await firstWithEvents(first.value, pages)) });
    isStreaming = true;
    const leave = () => {
      left.abort();
      leaveWait();
    };
    const stream = eventStream(first.value, pages, pauses.now, leave);
    return c.body(stream, 200, { 'Content-Type': EVENT_STREAM });
  } finally {
    if (!isStreaming) leaveWait();
  }
}

async function firstWithEvents(first: Page, more: AsyncIterable<Page>): Promise<Page> {
  if (first.events.length > 0) return first;
  let last = first;
  for await (const page of more) {
    last = page;
    if (page.events.length > 0) break;
  }
  return last;
}

function goOn(input: Asked['input'], before: Page | undefined): Asked['input'] {
  return before === undefined ? input : { ...input, after: decodeLogCursor(before.next_cursor) };
}
