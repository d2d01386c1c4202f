/** How long a claim lasts without a heartbeat, in seconds. */
export const LEASE_SECONDS = { min: 30, default: 15 * 60, max: 24 * 60 * 60 } as const;

/** The generation, by which later claims of a task are told from earlier ones, and 90 random bits. */
export const CLAIM_TOKEN_PATTERN = /^[1-9][0-9]{0,18}\.[A-Za-z0-9_-]{16}$/;

export const CAPACITY = { default: 1, max: 100 } as const;

/** The most tasks that one claim gives. */
export const CLAIMS_AT_ONCE = 25;

/** The longest delay that a release or a failure may ask for. */
export const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;

/** firstSeconds × 2^attempt, at most maxSeconds. Jitter takes off up to that share, to spread failures. */
export const BACKOFF = { firstSeconds: 30, maxSeconds: 60 * 60, jitter: 0.2 } as const;

/** Bounds the time of one claim: how many exhausted tasks of dead agents it gives up. */
export const MAX_GIVEN_UP = 100;

/** Bounds what one claim does for the claims after it: how many rows it brings up to date, of each kind. */
export const MAX_TIDIED = 100;

/** How many leases a claim that got nothing looks at for the end of the first. */
export const LEASES_LOOKED_AT = 50;

/** A longer sleep would miss new tasks, and 32-bit timers fire at once past 24 days. */
export const MAX_WAIT_SECONDS = 15 * 60;

export const CLAIM_REASONS = [
  'claimed',
  'continue_current',
  'none_due',
  'all_claimed',
  'all_blocked',
  'none_pending',
  'paused',
] as const;

export type ClaimReason = (typeof CLAIM_REASONS)[number];
