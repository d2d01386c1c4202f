import { refusal } from '../domain/errors/index.ts';

/** Time and chance, handed in so that no test sleeps. */
export interface WaitPorts {
  /** Resolves after that many milliseconds, or as soon as the signal fires; never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/** What one look came to. */
export interface Look<T> {
  readonly value: T;
  /** There is something to answer with; otherwise the wait goes on. */
  readonly isDone: boolean;
  /** When what is there already can come, in seconds; undefined where only something new can. */
  readonly retryAfterSeconds?: number | undefined;
}

export interface WaitBounds {
  /** How long to wait, in milliseconds; with 0 there is one look. */
  readonly patience: number;
  /** How many looks may still be sent; asked before each one. */
  readonly looksLeft: () => number;
  /** Fires when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** In milliseconds. The last one is for all that come later. */
const PAUSES = [250, 500, 1_000, 1_200] as const;
const LONGEST_PAUSE = 2_000;
/** Where later pauses would have to be longer to make the looks last, this one is. */
const STEADY_PAUSE = 1_500;
/** What is there already comes in whole seconds, so before one is over it is not looked for. */
const KNOWN_PAUSE = 1_000;
/** The largest share that chance adds to a pause. */
const JITTER = 0.4;

/**
 * Looks again and again, with pauses of 0.25 to 2 s, until a look is done, the time is over or the signal fires.
 * Resolves with what the last look came to. The look at the end of the time is told that it is the last one; it comes
 * earlier where the looks would not last at pauses of 2 s. The first look always happens. Rejects as a look does.
 */
export async function waitFor<T>(
  look: (isLast: boolean) => Promise<Look<T>>,
  { patience, looksLeft, signal }: WaitBounds,
  ports: WaitPorts,
): Promise<T> {
  const deadline = ports.now() + patience;
  for (let looks = 0; ; looks += 1) {
    const isLast = ports.now() >= deadline || looksLeft() <= 1;
    const { value, isDone, retryAfterSeconds } = await look(isLast);
    if (isDone || isLast || signal?.aborted) return value;
    const time = deadline - ports.now();
    const planned = pauseAfter(looks, retryAfterSeconds) * (1 + JITTER * ports.random());
    const needed = time - (looksLeft() - 1) * STEADY_PAUSE;
    await ports.sleep(Math.min(Math.max(planned, needed), LONGEST_PAUSE, Math.max(time, 0)), signal);
    if (signal?.aborted) return value;
  }
}

/** A task may be added at any moment, so what is known of the others makes only the first pauses longer. */
function pauseAfter(looks: number, retryAfterSeconds: number | undefined): number {
  const pause = PAUSES[Math.min(looks, PAUSES.length - 1)] ?? LONGEST_PAUSE;
  return retryAfterSeconds === undefined
    ? pause
    : Math.max(pause, Math.min(retryAfterSeconds * 1_000, KNOWN_PAUSE));
}

/** What is added to the time of a wait before its place is given to another, in milliseconds: its last look may take 9 s. */
const GRACE = 15_000;

/** Takes a place among the waits of a caller for that many milliseconds; returns what gives it back, once or often. */
export type EnterWait = (caller: string, patience: number) => () => void;

/**
 * Counts the waits of each caller, at most so many at once; the next is refused with `too_many_waits`. A place whose wait
 * must be over is free again: a runtime that cancels a request runs none of its code.
 */
export function waitPlaces(limit: number, now: () => number): EnterWait {
  const placesOf = new Map<string, Set<{ readonly until: number }>>();
  return (caller, patience) => {
    const places = placesOf.get(caller) ?? new Set();
    for (const place of places) if (place.until <= now()) places.delete(place);
    if (places.size >= limit) throw refusal('too_many_waits', { limit, retry_after_seconds: 1 });
    const place = { until: now() + patience + GRACE };
    placesOf.set(caller, places.add(place));
    return () => {
      places.delete(place);
      if (places.size === 0 && placesOf.get(caller) === places) placesOf.delete(caller);
    };
  };
}
