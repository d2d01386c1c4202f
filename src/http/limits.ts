/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1024 * 1024;
