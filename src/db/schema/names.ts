/** The constraints whose violation the operations know what to do about. */
export const TASKS_PKEY = 'tasks_pkey';
export const CLAIM_SLOTS = 'tasks_claim_slots';
export const IDEMPOTENCY_KEYS_PKEY = 'idempotency_keys_pkey';
export const TASK_EVENTS_BY_REQUEST = 'task_events_by_request';
export const LIVE_PRODUCERS = 'artifact_live_producers';
