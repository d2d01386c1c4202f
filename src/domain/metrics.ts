import type { Status } from './task.ts';

/**
 * The upper bounds, in seconds, that the times from pending to another status are counted by: from what an agent
 * notices to a week. drizzle/0002_count_tasks.sql has them, too: other bounds need a migration.
 */
export const WAIT_BOUNDS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800] as const;

/** The bounds with the last bucket, which counts every time. */
export const WAIT_BUCKETS: readonly number[] = [...WAIT_BOUNDS, Number.POSITIVE_INFINITY];

/** What is counted of the tasks of one project and status. */
export interface StatusMetrics {
  readonly project_id: string;
  readonly status: Status;
  /** How many tasks are in the status now. */
  readonly tasks: number;
  /** How often a task reached the status within each of WAIT_BOUNDS after it became pending, and last at all. */
  readonly waits: readonly number[];
  /** How long those took together. */
  readonly wait_seconds: number;
  /** The age of the pending task that was created first; null where there is none, and in other statuses. */
  readonly oldest_seconds: number | null;
}
