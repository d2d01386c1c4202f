import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** Where key sets come from, and what the time is. */
export interface JwksPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Resolves after that many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The current time in milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How long a key set is used before it is fetched again, in milliseconds. */
const FRESH_MS = 600_000;
/** How long the last one is used on where it cannot be fetched. */
const USABLE_MS = 3_600_000;
/** The time between two fetches, however many tokens name unknown keys. */
const PAUSE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;
const FETCH_TIMEOUT_MS = 2_000;
const LONGEST_SET_BYTES = 64 * 1024;
const POLL_MS = 25;

/** There is no key set, and none could be fetched: whether the token is good cannot be told. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';
}

/**
 * The keys of an issuer (RFC 7517), fetched when first needed, when they are old, and when a token names one that
 * is not among them; bounded in number of fetches, time and size, whatever strangers send. It holds plain data
 * only: a request that finds another one fetching waits on a timer of its own, because workerd ties promises to
 * the request that made them.
 */
export function jwksKeys(url: string, ports: JwksPorts): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let nextFetchAt = Number.NEGATIVE_INFINITY;
  let busyUntil = Number.NEGATIVE_INFINITY;
  let lastFailure: unknown;

  const fetchOnce = async () => {
    const began = ports.wallClock();
    busyUntil = began + FETCH_TIMEOUT_MS;
    nextFetchAt = busyUntil + PAUSE_AFTER_FAILURE_MS;
    try {
      keys = createLocalJWKSet(await fetchKeySet(url, ports.fetch));
      fetchedAt = began;
      nextFetchAt = ports.wallClock() + PAUSE_MS;
    } catch (error) {
      lastFailure = error;
      nextFetchAt = ports.wallClock() + PAUSE_AFTER_FAILURE_MS;
    } finally {
      busyUntil = Number.NEGATIVE_INFINITY;
    }
  };

  const refresh = async () => {
    if (ports.wallClock() < busyUntil) {
      while (ports.wallClock() < busyUntil) await ports.sleep(POLL_MS);
    } else if (ports.wallClock() >= nextFetchAt) {
      await fetchOnce();
    }
  };

  return async (header, token) => {
    if (ports.wallClock() - fetchedAt >= FRESH_MS) await refresh();
    if (keys === undefined || ports.wallClock() - fetchedAt >= USABLE_MS)
      throw new KeySetUnavailable('There is no key set that may be used', { cause: lastFailure });
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      return keys(header, token);
    }
  };
}

async function fetchKeySet(url: string, fetch: JwksPorts['fetch']): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const response = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'application/json' } });
  if (response.status !== 200 || response.body === null)
    throw new Error(`Key set: status ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > LONGEST_SET_BYTES) throw new Error('Key set: too large');
    chunks.push(chunk);
  }
  // createLocalJWKSet checks that it is one.
  return JSON.parse(Buffer.concat(chunks).toString()) as JSONWebKeySet;
}
