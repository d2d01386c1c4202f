import { describe, expect, it } from 'vitest';
import { type Look, waitFor, waitPlaces } from '../../src/operations/waiting.ts';

const EMPTY: Look<string> = { value: 'empty', isDone: false };
const FOUND: Look<string> = { value: 'found', isDone: true };

interface Options {
  readonly seconds?: number;
  readonly maxLooks?: number;
  readonly random?: () => number;
  readonly lookTakes?: number;
  readonly signal?: AbortSignal;
  readonly onLook?: (count: number) => void;
}

/** A wait on a clock of its own, whose looks come to one thing after another, and the last one for ever. */
function waitOver(looks: readonly Look<string>[], options: Options = {}) {
  const { seconds = 50, maxLooks = 40, random = () => 0, lookTakes = 0, signal, onLook } = options;
  let time = 0;
  const at: number[] = [];
  const lasts: boolean[] = [];
  const result = waitFor(
    (isLast) => {
      at.push(time);
      lasts.push(isLast);
      time += lookTakes;
      onLook?.(at.length);
      return Promise.resolve(looks[Math.min(at.length, looks.length) - 1] ?? EMPTY);
    },
    { patience: seconds * 1_000, looksLeft: () => maxLooks - at.length, signal },
    {
      now: () => time,
      random,
      sleep: (milliseconds) => {
        time += milliseconds;
        return Promise.resolve();
      },
    },
  );
  return {
    result,
    at,
    lasts,
    pauses: () => at.slice(1).map((moment, n) => moment - (at[n] ?? 0) - lookTakes),
  };
}

describe('a wait', () => {
  it('a wait of no time is one look, which is the last', async () => {
    const { result, lasts } = waitOver([EMPTY], { seconds: 0 });
    expect(await result).toBe('empty');
    expect(lasts).toEqual([true]);
  });

  it('a wait ends with the first look that is done', async () => {
    const { result, at } = waitOver([EMPTY, EMPTY, FOUND]);
    expect(await result).toBe('found');
    expect(at).toEqual([0, 250, 750]);
  });

  it('a wait in vain ends on time with a look that knows that it is the last', async () => {
    const { result, at, lasts } = waitOver([EMPTY], { seconds: 7 });
    expect(await result).toBe('empty');
    expect(at.at(-1)).toBe(7_000);
    expect(lasts).toEqual([...Array(lasts.length - 1).fill(false), true]);
  });

  it.each([0, 0.5, 0.999])(
    'the longest wait needs 40 looks at most, whatever chance gives (%d)',
    async (chance) => {
      const { result, at, pauses } = waitOver([EMPTY], { random: () => chance });
      await result;
      expect(at.length).toBeLessThanOrEqual(40);
      expect(at.at(-1)).toBeCloseTo(50_000, 3);
      expect(Math.min(...pauses().slice(0, -1))).toBeGreaterThanOrEqual(250);
      expect(Math.max(...pauses())).toBeLessThanOrEqual(2_000);
    },
  );

  it('the pauses grow, and chance adds up to two fifths', async () => {
    const steady = waitOver([EMPTY], { seconds: 5 });
    await steady.result;
    expect(steady.pauses().slice(0, 4)).toEqual([250, 500, 1_000, 1_200]);
    const jittered = waitOver([EMPTY], { seconds: 5, random: () => 0.5 });
    await jittered.result;
    expect(jittered.pauses().slice(0, 3)).toEqual([300, 600, 1_200]);
  });

  it.each([
    ['nothing is known', undefined, [250, 500, 1_000]],
    ['what is known comes within a second', 1, [1_000, 1_000, 1_000]],
    ['what is known comes late, for something may be added', 900, [1_000, 1_000, 1_000]],
  ])('while %s, the first pauses are so', async (_, retryAfterSeconds, expected) => {
    const { result, pauses } = waitOver([{ ...EMPTY, retryAfterSeconds }], { seconds: 10 });
    await result;
    expect(pauses().slice(0, 3)).toEqual(expected);
  });

  it('a wait whose looks do not last for its time pauses longer, and ends when they are used up', async () => {
    const { result, at, lasts, pauses } = waitOver([EMPTY], { maxLooks: 4 });
    expect(await result).toBe('empty');
    expect(pauses()).toEqual([2_000, 2_000, 2_000]);
    expect([at.length, lasts.at(-1)]).toEqual([4, true]);
  });

  it('a slow look does not prolong the wait by more than itself', async () => {
    const { result, at } = waitOver([EMPTY], { seconds: 10, lookTakes: 3_000 });
    await result;
    expect(at.at(-1)).toBeLessThan(13_000);
  });

  it('a wait does not look again after its signal, and comes to what it saw last', async () => {
    const controller = new AbortController();
    const onLook = (count: number) => count === 2 && controller.abort();
    const { result, at } = waitOver([EMPTY, EMPTY, FOUND], { signal: controller.signal, onLook });
    expect(await result).toBe('empty');
    expect(at).toHaveLength(2);
  });

  it('a signal that fires during a pause ends the wait', async () => {
    const controller = new AbortController();
    let looks = 0;
    const result = waitFor(
      () => {
        looks += 1;
        return Promise.resolve(EMPTY);
      },
      { patience: 1_000, looksLeft: () => 40, signal: controller.signal },
      {
        now: () => 0,
        random: () => 0,
        sleep: (_, signal) => {
          controller.abort();
          return signal?.aborted ? Promise.resolve() : Promise.reject(new Error('The sleeper has no signal'));
        },
      },
    );
    expect(await result).toBe('empty');
    expect(looks).toBe(1);
  });

  it('a look that fails ends the wait', async () => {
    const failing = waitFor(
      () => Promise.reject(new Error('lost')),
      { patience: 1_000, looksLeft: () => 40 },
      { now: () => 0, random: () => 0, sleep: () => Promise.resolve() },
    );
    await expect(failing).rejects.toThrow('lost');
  });
});

describe('the places of waits', () => {
  it('a caller has so many places, and others have their own', () => {
    const enter = waitPlaces(2, () => 0);
    enter('a', 1_000);
    enter('a', 1_000);
    expect(() => enter('a', 1_000)).toThrow(
      expect.objectContaining({ code: 'rate_limited', details: { limit: 2, retry_after_seconds: 1 } }),
    );
    expect(() => enter('b', 1_000)).not.toThrow();
  });

  it('a place that is given back is free, and giving it back twice frees one only', () => {
    const enter = waitPlaces(2, () => 0);
    const leave = enter('a', 1_000);
    enter('a', 1_000);
    leave();
    leave();
    enter('a', 1_000);
    expect(() => enter('a', 1_000)).toThrow();
  });

  it('a place that is given back late takes nothing from those that came since', () => {
    let time = 0;
    const enter = waitPlaces(1, () => time);
    const leave = enter('a', 1_000);
    leave();
    enter('a', 1_000);
    leave();
    expect(() => enter('a', 1_000)).toThrow();
    time = 16_000;
    enter('a', 1_000);
    expect(() => enter('a', 1_000)).toThrow();
  });

  it('a place that nobody gives back is free 15 s after the wait must be over', () => {
    let time = 0;
    const enter = waitPlaces(1, () => time);
    enter('a', 50_000);
    time = 64_999;
    expect(() => enter('a', 1_000)).toThrow();
    time = 65_000;
    expect(() => enter('a', 1_000)).not.toThrow();
  });
});
