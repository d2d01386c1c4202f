/** The longest URL, in bytes: what RFC 9110, section 4.1, recommends that every sender and recipient support. */
export const URL_LIMIT_BYTES = 8_000;

/** The most header fields of different names. */
export const HEADER_LIMIT = 100;

/** The most that the names and values of all header fields have together, in bytes. */
export const HEADERS_LIMIT_BYTES = 16 * 1024;

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * What is read and dropped of a body that the answer did not need, so that its sender gets to hear the answer. Past
 * that, and where nothing comes for that long, the connection is closed.
 */
export const UNREAD_BODY = {
  bytes: 4 * 1024 * 1024,
  milliseconds: 5_000,
  silenceMilliseconds: 2_000,
} as const;

/** The longest credential that is looked at, in characters; a key has 40, a token with many projects some thousand. */
export const LONGEST_CREDENTIAL = 8 * 1024;

/** How deep arrays and objects of a body may be nested; what the service takes is nested 4 deep. */
export const JSON_DEPTH_LIMIT = 32;

/** The periods of the rate limits, in seconds, as in wrangler.toml: the bindings do not tell theirs. */
export const RATE_LIMIT_PERIODS = { credential: 10, failedAuthentication: 60 } as const;
