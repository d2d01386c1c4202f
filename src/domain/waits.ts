/** How long a request may wait for a task, in seconds. Clients and proxies often end a request after 60. */
export const WAIT_SECONDS = { default: 0, max: 50 } as const;

/**
 * How many statements a waiting request sends, repetitions included: Cloudflare's free plan allows 50 subrequests, and
 * the rest is for the repetitions of the last look.
 */
export const MAX_LOOKS = 40;

/** Of one credential, at once, in one isolate. */
export const MAX_WAITS = 250;
