/** 1 to 255 visible characters of ASCII (RFC 5234, VCHAR). */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;
