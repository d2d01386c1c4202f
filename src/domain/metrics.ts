import type { Status } from './task.ts';

/** Seconds from pending to another status. `task_counters` has a number for each: a change needs a migration. */
export const WAIT_BOUNDS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800] as const;

/** With the last bucket, which counts every time. */
export const WAIT_BUCKETS: readonly number[] = [...WAIT_BOUNDS, Number.POSITIVE_INFINITY];

export interface StatusMetrics {
  readonly project_id: string;
  readonly status: Status;
  readonly tasks: number;
  /** How many tasks came from pending within each of WAIT_BUCKETS. */
  readonly waits: readonly number[];
  readonly wait_seconds: number;
  /** The age of the oldest pending task; null without one and in other statuses. */
  readonly oldest_seconds: number | null;
}
