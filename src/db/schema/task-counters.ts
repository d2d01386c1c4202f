import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { WAIT_BUCKETS } from '../../domain/metrics.ts';
import { STATUSES } from '../../domain/task.ts';
import { number } from './literals.ts';

const NO_WAITS: number[] = WAIT_BUCKETS.map(() => 0);

/**
 * What GET /metrics tells, kept by triggers on `tasks`, so that no writer can make it drift; see
 * drizzle/0002_count_tasks.sql. The rows of one project and status are to be added up: each backend writes to a
 * shard of its own, so that the writers of a project do not queue on one row.
 */
export const taskCounters = pgTable(
  'task_counters',
  {
    project_id: text().notNull(),
    status: text({ enum: STATUSES }).notNull(),
    shard: integer().notNull(),
    /** Tasks that are in the status; of one shard it may be negative. */
    tasks: bigint({ mode: 'number' }).notNull().default(0),
    /** How often a task reached the status after it was pending: within each bound, and last at all. */
    waits: bigint({ mode: 'number' }).array().notNull().default(NO_WAITS),
    /** How long those took together, in milliseconds. */
    wait_ms: bigint({ mode: 'number' }).notNull().default(0),
  },
  (counter) => [
    primaryKey({
      name: 'task_counters_pkey',
      columns: [counter.project_id, counter.status, counter.shard],
    }),
    check('task_counters_waits_by_bound', sql`cardinality(${counter.waits}) = ${number(NO_WAITS.length)}`),
  ],
);
