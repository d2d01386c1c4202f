/** How far an issuer's clock may be off: "usually no more than a few minutes" (RFC 7519, section 4.1.4). */
export const LEEWAY_SECONDS = { default: 5, max: 300 } as const;
