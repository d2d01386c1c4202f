export { IDEMPOTENCY_KEYS_PKEY, idempotencyKeys } from './idempotency-keys.ts';
export { taskCounters } from './task-counters.ts';
export { CLAIM_SLOTS, claimTokens, TASKS_PKEY, tasks } from './tasks.ts';
