export { idempotencyKeys } from './idempotency-keys.ts';
export { taskCounters } from './task-counters.ts';
export { claimTokens, tasks } from './tasks.ts';
