import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { refusal } from '../domain/errors/index.ts';

/** Where key sets come from, and what the time is. */
export interface JwksPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The current time in milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How long a key set is used before it is fetched again, in milliseconds. */
const MAX_AGE_MS = 600_000;
/** The time between a set and the next fetch, however many tokens name unknown keys. */
const PAUSE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;
const FETCH_TIMEOUT_MS = 2_000;
const MAX_SET_BYTES = 64 * 1024;

/** jose's errors that speak of the token; any other says that there is no key to check it with. */
const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/**
 * The keys of an issuer (RFC 7517), fetched when first needed, when they are old, and when a token names one that is
 * not among them; each fetch is bounded in time and size and follows no redirect. Rejects with
 * `authentication_unavailable` where they cannot be had, and with jose's error for a token that names none of them.
 */
export function issuerKeys(url: string, ports: JwksPorts): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: PAUSE_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: boundedFetch(ports),
  });
  return (header, token) =>
    keys(header, token).catch((error: unknown) => {
      throw ABOUT_THE_TOKEN.some((kind) => error instanceof kind)
        ? error
        : refusal('authentication_unavailable', {}, { cause: error });
    });
}

/** Fetches a key set, and for a while after a failure fails with the same error instead. */
function boundedFetch({ fetch, wallClock }: JwksPorts): FetchImplementation {
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  return async (url, init) => {
    if (failure !== undefined && wallClock() < failure.until) throw failure.error;
    try {
      return await bounded(await fetch(url, init));
    } catch (error) {
      failure = { error, until: wallClock() + PAUSE_AFTER_FAILURE_MS };
      throw error;
    }
  };
}

async function bounded({ status, body }: Response): Promise<Response> {
  if (status !== 200 || body === null) throw new Error(`Key set: status ${status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_SET_BYTES) throw new Error('Key set: too large');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}
