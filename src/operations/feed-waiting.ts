import type { WaitPorts } from './waiting.ts';

export interface Patience extends WaitPorts {
  /** No look begins after that time, but the first. */
  readonly seconds: number;
  /** Each costs a subrequest at least, of which a request has 50 (Cloudflare Workers, "Limits", free plan). */
  readonly looks: number;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What a look tells of how soon to look again. */
interface Look {
  readonly events: readonly unknown[];
  readonly has_more: boolean;
}

/** In milliseconds. Chance takes off up to half, so that readers spread. */
export const PAUSES = { first: 250, longest: 2_000 } as const;

/** Yields one look after another, with growing pauses between looks that find nothing; each is told of the one before. */
export async function* followed<L extends Look>(
  look: (before: L | undefined) => Promise<L>,
  { seconds, looks, signal, sleep, random, now }: Patience,
): AsyncGenerator<L, void, undefined> {
  const end = now() + seconds * 1_000;
  const gone = fired(signal);
  let pause: number = PAUSES.first;
  let seen = await look(undefined);
  for (let left = looks - 1; ; left -= 1) {
    yield seen;
    const rest = end - now();
    if (left === 0 || rest <= 0 || signal.aborted) return;
    if (!seen.has_more) {
      if (seen.events.length > 0) pause = PAUSES.first;
      await Promise.race([sleep(Math.min(rest, pause * (1 - random() / 2))), gone]);
      if (signal.aborted) return;
      pause = Math.min(2 * pause, PAUSES.longest);
    }
    seen = await look(seen);
  }
}

function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
