/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

/** The longest credential that is looked at, in characters; a key has 40, a token with many projects some thousand. */
export const LONGEST_CREDENTIAL = 8 * 1024;
