import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { WAIT_BUCKETS } from '../../domain/metrics.ts';
import { STATUSES } from '../../domain/task.ts';
import { number } from './literals.ts';

const NO_WAITS: number[] = WAIT_BUCKETS.map(() => 0);

/** What the log came to before `log_state.counted_before`. The version before had shards; new counts go to the first. */
export const taskCounters = pgTable(
  'task_counters',
  {
    project_id: text().notNull(),
    status: text({ enum: STATUSES }).notNull(),
    shard: integer().notNull(),
    /** May be negative in one shard. */
    tasks: bigint({ mode: 'number' }).notNull().default(0),
    /** How many tasks came from pending: within each bound, then all. */
    waits: bigint({ mode: 'number' }).array().notNull().default(NO_WAITS),
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
