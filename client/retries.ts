import { sleep } from './clock.ts';
import { TaskTrackerError } from './error.ts';
import { aborted, type Exchange, exchange, type Ports } from './exchange.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** The service's own windows are 10 and 60 seconds. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** Sends a request until it is answered for good, the retries are exhausted or the signal fires. */
export async function exchangeWithRetries(plan: Exchange, retries: number, ports: Ports): Promise<unknown> {
  const { signal, request } = plan;
  for (let attempt = 0; ; attempt += 1) {
    if (signal?.aborted) throw aborted(request, signal.reason);
    try {
      return await exchange(plan, ports);
    } catch (error) {
      const pause = attempt < retries ? pauseAfter(error, attempt, ports.random) : undefined;
      if (pause === undefined) throw error;
      await sleep(ports.clock, pause, signal);
    }
  }
}

/** In milliseconds; undefined if there is nothing to gain. Chance takes off up to half of what is not prescribed. */
export function pauseAfter(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof TaskTrackerError) || !error.isTransient) return undefined;
  const backoff = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (1 - random() / 2);
  const prescribed = error.retryAfterSeconds ?? 0;
  return prescribed > LONGEST_RETRY_AFTER_SECONDS ? undefined : prescribed * 1_000 + backoff;
}
