/** What RFC 9110, section 4.1, recommends to support at least. */
export const URL_LIMIT_BYTES = 8_000;

export const HEADER_LIMIT = 100;

export const HEADERS_LIMIT_BYTES = 16 * 1024;

export const BODY_LIMIT_BYTES = 1024 * 1024;

/** How much of an unneeded body is read, so that its sender hears the answer; beyond, the connection closes. */
export const UNREAD_BODY = {
  bytes: 4 * 1024 * 1024,
  milliseconds: 5_000,
  silenceMilliseconds: 2_000,
} as const;

/** In characters; a key has 40, a token with many projects a few thousand. */
export const LONGEST_CREDENTIAL = 8 * 1024;

/** How deep arrays and objects may nest; documented bodies nest 4 deep. */
export const JSON_DEPTH_LIMIT = 32;

/** In seconds, as in wrangler.toml: the bindings do not tell theirs. */
export const RATE_LIMIT_PERIODS = { credential: 10, failedAuthentication: 60, reservation: 60 } as const;
