import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRequest, HttpClient } from './http-client.ts';
import { type Summary, summarize } from './summary.ts';

/** Makes the request of that number; by default, a status under 400 is a success. */
export type RequestSource = (number: number) => BenchRequest;

export interface LoadResult extends Summary {
  readonly errors: number;
  readonly perSecond: number;
  /** In milliseconds. */
  readonly times: readonly number[];
}

async function timed(
  client: HttpClient,
  what: BenchRequest,
  due: number,
): Promise<{ ms: number; ok: boolean }> {
  const ok = await client.send(what).then(
    ({ status }) => status < 400,
    () => false,
  );
  return { ms: performance.now() - due, ok };
}

/**
 * Open loop: requests are due at a fixed rate, and each is timed from when it was due, so a stall shows in every
 * request it delayed (no coordinated omission).
 */
export async function atRate(
  client: HttpClient,
  perSecond: number,
  seconds: number,
  source: RequestSource,
): Promise<LoadResult> {
  const count = Math.round(perSecond * seconds);
  const began = performance.now();
  const running: Promise<{ ms: number; ok: boolean }>[] = [];
  for (let number = 0; number < count; number += 1) {
    const due = began + (number * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    running.push(timed(client, source(number), due));
  }
  return resultOf(await Promise.all(running), performance.now() - began);
}

/** Closed loop: each connection sends its next request once the last was answered; for maximum rates. */
export async function saturate(
  client: HttpClient,
  connections: number,
  seconds: number,
  source: RequestSource,
): Promise<LoadResult> {
  const began = performance.now();
  const results: { ms: number; ok: boolean }[] = [];
  let number = 0;
  const connection = async () => {
    while (performance.now() - began < seconds * 1_000) {
      number += 1;
      results.push(await timed(client, source(number), performance.now()));
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return resultOf(results, performance.now() - began);
}

/** One after another, each timed alone, after a pause in milliseconds; for requests without any queue. */
export async function oneByOne(
  client: HttpClient,
  count: number,
  source: RequestSource,
  pause = 0,
): Promise<LoadResult> {
  const began = performance.now();
  const results: { ms: number; ok: boolean }[] = [];
  for (let number = 0; number < count; number += 1) {
    if (pause > 0) await sleep(pause);
    results.push(await timed(client, source(number), performance.now()));
  }
  return resultOf(results, performance.now() - began);
}

export async function inBursts(
  client: HttpClient,
  size: number,
  rounds: number,
  source: RequestSource,
): Promise<LoadResult> {
  const began = performance.now();
  const results: { ms: number; ok: boolean }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const now = performance.now();
    const burst = Array.from({ length: size }, (_, index) => timed(client, source(index), now));
    results.push(...(await Promise.all(burst)));
  }
  return resultOf(results, performance.now() - began);
}

function resultOf(results: readonly { ms: number; ok: boolean }[], elapsed: number): LoadResult {
  const times = results.map(({ ms }) => ms);
  return {
    ...summarize(times),
    times,
    errors: results.filter(({ ok }) => !ok).length,
    perSecond: (results.length * 1_000) / elapsed,
  };
}
