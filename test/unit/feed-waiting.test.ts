import { describe, expect, it } from 'vitest';
import { followed, type Patience } from '../../src/operations/feed-waiting.ts';

const NONE = { events: [], has_more: false };
const ONE = { events: ['event'], has_more: false };
const MORE = { events: ['event'], has_more: true };
const NOT_YET = { events: [], has_more: true };

type Look = typeof ONE | typeof NONE;

/** Follows looks that come out like this, the last one from then on, on a clock that moves with the pauses only. */
async function follow(outcomes: readonly Look[], patience: Partial<Patience> = {}) {
  const pauses: number[] = [];
  const before: (Look | undefined)[] = [];
  const seen: Look[] = [];
  let time = 0;
  const look = (last: Look | undefined) => {
    before.push(last);
    return Promise.resolve(outcomes[Math.min(before.length, outcomes.length) - 1] ?? NONE);
  };
  const sleep = (milliseconds: number) => {
    pauses.push(milliseconds);
    time += milliseconds;
    return Promise.resolve();
  };
  const pages = followed(look, {
    seconds: Number.POSITIVE_INFINITY,
    looks: 5,
    signal: new AbortController().signal,
    sleep,
    random: () => 0,
    now: () => time,
    ...patience,
  });
  for await (const page of pages) seen.push(page);
  return { pauses, seen, before };
}

describe('following the log', () => {
  it('without time there is one look', async () => {
    expect(await follow([NONE], { seconds: 0 })).toMatchObject({ seen: [NONE], pauses: [] });
    expect(await follow([NOT_YET], { seconds: 0 })).toMatchObject({ seen: [NOT_YET], pauses: [] });
  });

  it('pauses double from a quarter of a second to two seconds', async () => {
    const { pauses } = await follow([NONE], { looks: 7 });
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
  });

  it('chance takes off up to half of a pause', async () => {
    const { pauses } = await follow([NONE], { looks: 4, random: () => 0.999_999 });
    expect(pauses.map(Math.round)).toEqual([125, 250, 500]);
  });

  it('an event makes the pauses short again', async () => {
    const { pauses } = await follow([NONE, NONE, ONE, NONE]);
    expect(pauses).toEqual([250, 500, 250, 500]);
  });

  it('where there is more, the next look comes at once', async () => {
    expect((await follow([MORE, MORE, NOT_YET, NONE])).pauses).toEqual([250]);
  });

  it('a look is told of the one before', async () => {
    expect((await follow([ONE, NONE], { looks: 3 })).before).toEqual([undefined, ONE, NONE]);
  });

  it('the last pause ends with the time, and a look follows it', async () => {
    const { pauses, seen } = await follow([NONE], { seconds: 1, looks: 40 });
    expect(pauses).toEqual([250, 500, 250]);
    expect(seen).toHaveLength(4);
  });

  it('there are never more looks than allowed', async () => {
    expect((await follow([MORE], { looks: 3 })).seen).toHaveLength(3);
  });

  it('whoever goes away during a pause ends it and all looks', async () => {
    const client = new AbortController();
    const sleep = () => {
      client.abort();
      return new Promise<void>(() => undefined);
    };
    expect((await follow([NONE], { signal: client.signal, sleep })).seen).toEqual([NONE]);
  });

  it('whoever is gone already gets no second look', async () => {
    expect((await follow([MORE], { signal: AbortSignal.abort() })).seen).toEqual([MORE]);
  });

  it('a look that fails ends all', async () => {
    const failing = followed(() => Promise.reject(new Error('lost')), {
      seconds: 1,
      looks: 2,
      signal: new AbortController().signal,
      sleep: () => Promise.resolve(),
      random: () => 0,
      now: () => 0,
    });
    await expect(failing.next()).rejects.toThrow('lost');
  });
});
