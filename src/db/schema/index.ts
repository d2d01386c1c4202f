export { idempotencyKeys } from './idempotency-keys.ts';
export { logFloors } from './log-floors.ts';
export { logState } from './log-state.ts';
export { taskCounters } from './task-counters.ts';
export { taskEvents } from './task-events.ts';
export { claimTokens, tasks } from './tasks.ts';
