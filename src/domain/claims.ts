/** How long an agent may keep a task without a word, in seconds. */
export const LEASE_SECONDS = { min: 30, default: 15 * 60, max: 24 * 60 * 60 } as const;

/** How many tasks an agent may have at once, unless it says otherwise and at most. */
export const CAPACITY = { default: 1, max: 100 } as const;

/** The longest that a task can be put off by whoever gives it back or fails, in seconds. */
export const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;

/**
 * The pause after a failed attempt: `firstSeconds` × 2^attempt, at most `maxSeconds`. Chance takes away up to that
 * share of it, so that tasks that failed together do not come back together.
 */
export const BACKOFF = { firstSeconds: 30, maxSeconds: 60 * 60, jitter: 0.2 } as const;

/** How many tasks of dead agents one claim gives up at most, so that its time stays bounded. */
export const MAX_GIVEN_UP = 100;

/**
 * The longest wait that an agent is told, in seconds: whoever sleeps longer misses what is added meanwhile, and
 * timers of 32 bits end at once past 24 days.
 */
export const MAX_WAIT_SECONDS = 15 * 60;

/** Why a claim came out as it did. */
export const CLAIM_REASONS = [
  'claimed',
  'continue_current',
  'none_due',
  'all_claimed',
  'none_pending',
] as const;

export type ClaimReason = (typeof CLAIM_REASONS)[number];
