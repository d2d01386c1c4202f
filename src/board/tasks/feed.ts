import type { Event } from '../../../client/index.ts';

export interface FeedPorts {
  /** Called with what happened since the last call. */
  readonly hear: (events: readonly Event[]) => void;
  /** What happened meanwhile may be lost. */
  readonly lose: () => void;
  readonly tellLive: (isLive: boolean) => void;
  /** The credential is no longer good, or not for this project: whoever asks for anything else learns which. */
  readonly refuse: () => void;
}

/** The service sends something every 15 s; after a sleep of the machine nothing comes, and nobody says so. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Ends what waits. */
class Silence extends Error {}

/**
 * Follows the events of a project as Server-Sent Events until the signal aborts. Reads them with fetch, for EventSource
 * sends no credential; connects again for good, and goes on where it was.
 */
export async function follow(
  project: string,
  key: string,
  signal: AbortSignal,
  ports: FeedPorts,
): Promise<void> {
  const read: Position = { last: undefined };
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const asked = await askFor(project, key, read.last, signal);
      if (asked === 'expired') {
        read.last = undefined;
        continue;
      }
      if (read.last === undefined) ports.lose();
      ports.tellLive(true);
      pause = FIRST_PAUSE_MS;
      await readAll(asked, read, ports, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal) return ports.refuse();
      ports.tellLive(false);
      await untilWorthTrying(pause, signal);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
}

class Refusal extends Error {}

/** Where in the log a reader has come to. */
interface Position {
  last: string | undefined;
}

async function askFor(
  project: string,
  key: string,
  last: string | undefined,
  signal: AbortSignal,
): Promise<Response | 'expired'> {
  const address = new URL('/events', location.origin);
  address.searchParams.set('project', project);
  if (last === undefined) address.searchParams.set('after', 'now');
  const response = await fetch(address, {
    headers: {
      accept: 'text/event-stream',
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(last === undefined ? {} : { 'last-event-id': last }),
    },
    cache: 'no-store',
    signal,
  });
  if (response.status === 410) return 'expired';
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) throw new Refusal();
  throw new Error(response.statusText);
}

/**
 * Reads a stream to its end. The messages of the service (src/rest/events) have at most one line of data, and one
 * without any still tells a position, which parsers of Server-Sent Events keep to themselves.
 */
async function readAll(
  response: Response,
  position: Position,
  ports: FeedPorts,
  signal: AbortSignal,
): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const part = await beforeSilence(reader?.read(), signal);
    if (part === undefined || part.done) return;
    const messages = (rest + part.value).split('\n\n');
    rest = messages.pop() ?? '';
    const lines = messages.flatMap((message) => message.split('\n'));
    position.last = after('id: ', lines).at(-1) ?? position.last;
    // The service sends nothing but events of the log.
    const events = after('data: ', lines).map((data) => JSON.parse(data) as Event);
    if (events.length > 0) ports.hear(events);
  }
}

const after = (name: string, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));

async function beforeSilence<T>(what: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
  let lost: () => void = () => undefined;
  const silence = new Promise<never>((_, reject) => {
    lost = () => reject(new Silence());
  });
  const timer = setTimeout(lost, SILENCE_MS);
  addEventListener('offline', lost, { once: true });
  signal.addEventListener('abort', lost, { once: true });
  try {
    return await Promise.race([what, silence]);
  } finally {
    clearTimeout(timer);
    removeEventListener('offline', lost);
    signal.removeEventListener('abort', lost);
  }
}

/** Waits so many milliseconds, or until the network is back or the page is looked at again. */
async function untilWorthTrying(pause: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => resolve();
    setTimeout(go, pause * (0.5 + Math.random() / 2));
    addEventListener('online', go, { once: true, signal });
    document.addEventListener('visibilitychange', go, { once: true, signal });
  });
}
