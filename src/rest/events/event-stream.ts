import type { Page } from './serve-events.ts';

/** The edge drops a connection on which nothing comes for 100 s; proxies on the way have less patience. */
const KEEP_ALIVE_MS = 15_000;
/** The longest that a look and the pause before it take as a rule. */
const NEXT_LOOK_MS = 2_500;
/** How long a client waits before it connects again. */
const RECONNECT_MS = 1_000;

type FollowedEvent = Page['events'][number];

/**
 * The pages as Server-Sent Events (WHATWG HTML, 9.2): `id` is the cursor, `event` the type, `data` the event. Calls
 * `leave` when the stream ends or nobody reads any more.
 */
export function eventStream(
  first: Page,
  pages: AsyncGenerator<Page, void, undefined>,
  now: () => number,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = messages(first, pages, now);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) {
          leave();
          controller.close();
        } else controller.enqueue(encoder.encode(value));
      },
      cancel: leave,
    },
    // A reader that does not read has no looks taken for it.
    { highWaterMark: 0 },
  );
}

async function* messages(
  first: Page,
  more: AsyncGenerator<Page, void, undefined>,
  now: () => number,
): AsyncGenerator<string, void, undefined> {
  let id: string | undefined;
  const textOf = (page: Page): string => {
    const events = page.events.map(message).join('');
    const last = page.events.at(-1)?.cursor ?? id;
    id = page.next_cursor;
    // A position by itself reaches no listener, but a client that connects again tells it.
    return id === last ? events : `${events}id: ${id}\n\n`;
  };
  yield `retry: ${RECONNECT_MS}\n\n${textOf(first)}`;
  let written = now();
  try {
    for await (const page of more) {
      const isSilent = now() - written > KEEP_ALIVE_MS - NEXT_LOOK_MS;
      const text = textOf(page) || (isSilent ? ': keep-alive\n\n' : '');
      if (text === '') continue;
      yield text;
      written = now();
    }
  } catch {
    // The client connects again, and hears then what is wrong.
  }
}

function message(event: FollowedEvent): string {
  return `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
