/**
 * How far the clocks of an issuer and ours may be apart, in seconds: "usually no more than a few minutes" (RFC 7519,
 * section 4.1.4).
 */
export const LEEWAY_SECONDS = { default: 5, max: 300 } as const;
