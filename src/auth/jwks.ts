import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { refusal } from '../domain/errors/index.ts';

export interface JwksPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

const MAX_AGE_MS = 600_000;
/** The minimum between two fetches, however many tokens name unknown keys. */
const PAUSE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;
const FETCH_TIMEOUT_MS = 2_000;
const MAX_SET_BYTES = 64 * 1024;

/** jose's errors about the token; any other means that there is no key to check it with. */
const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/**
 * An issuer's keys (RFC 7517), fetched when first needed, when old, and when a token names an unknown one; bounded in
 * time and size, without redirects. Rejects with `authentication_unavailable`, or with jose's error about the token.
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

/** For a while after a failure, fails with the same error at once. */
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
