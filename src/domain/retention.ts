/** How long things are kept, in days; null for ever. */
export interface Retention {
  readonly eventDays: number | null;
  readonly taskDays: number | null;
  /** How long a deleted task can be restored. */
  readonly deletedDays: number | null;
}

export const DEFAULT_EVENT_DAYS = 30;
export const DEFAULT_DELETED_DAYS = 30;

/** What one statement of the upkeep removes at most, so that none of them runs for long. */
export const REMOVED_PER_STEP = { events: 2_000, tasks: 500, records: 2_000, deleted: 100 } as const;

/** A run stays below the 50 subrequests of Workers' free plan; the next one goes on. */
export const STEPS_PER_RUN = 40;
