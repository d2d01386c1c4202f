import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Artifact, Progress, Usage } from '../../domain/attempts.ts';
import { DEFAULTS, STATUSES } from '../../domain/task.ts';
import { moment } from './moment-column.ts';
import { CLAIM_SLOTS, TASKS_PKEY } from './names.ts';
import { taskChecks } from './task-checks.ts';

/** A later claim always has a greater token, even when a task id comes again. */
export const claimTokens = pgSequence('claim_tokens');

/** The primary key leads with the task id, for lookups by task id alone. No client sees `seq`. */
export const tasks = pgTable(
  'tasks',
  {
    task_id: text().notNull(),
    project_id: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    description: text().notNull(),
    generator_name: text(),
    status: text({ enum: STATUSES }).notNull().default('pending'),
    inputs: jsonb().$type<string[]>().notNull().default([]),
    expected_outputs: jsonb().$type<string[]>().notNull().default([]),
    context_notes: text(),
    created_at: moment().notNull().defaultNow(),
    updated_at: moment().notNull().defaultNow(),
    completed_at: moment(),
    /** When it last became pending; null if never. */
    pending_at: moment(),
    /** When it last started; null if not since it became pending. */
    started_at: moment(),
    completion_notes: text(),
    /** That of the most urgent task that waits for it, where that is more urgent than its own. */
    priority: smallint().notNull().default(DEFAULTS.priority),
    not_before: moment(),
    max_attempts: smallint().notNull().default(DEFAULTS.maxAttempts),
    attempt: smallint().notNull().default(0),
    retry_at: moment(),
    last_error: text(),
    claimed_by: text(),
    /** The generation of the claim, which grows. */
    claim_token: bigint({ mode: 'number' }),
    /** The whole token of the last claim, even after its end: its generation, a dot and what nobody can guess. */
    last_claim_token: text(),
    /** Tells one agent's claims apart; two at once collide in the unique index below. */
    claim_slot: smallint(),
    /** Whether the last move had the token of the last claim. */
    moved_by_holder: boolean().notNull().default(false),
    /** Only the version before uses it. */
    moved_by_token: bigint({ mode: 'number' }),
    /** How many leases have expired; they are no failed attempts. */
    expiries: smallint().notNull().default(0),
    /** Null stands for max_attempts. */
    max_expiries: smallint(),
    max_run_seconds: integer(),
    /** Of the attempt that is under way. */
    progress: jsonb().$type<Progress>(),
    usage: jsonb().$type<Usage>(),
    /** What the next attempt goes on from; kept until the task is completed or reset. */
    checkpoint: jsonb(),
    result: jsonb(),
    artifacts: jsonb().$type<Artifact[]>().notNull().default([]),
    /** How many of its groups of needs are not met; a task is ready at none. */
    unmet_needs: integer().notNull().default(0),
    /** How many of those can no longer be met. */
    stuck_needs: integer().notNull().default(0),
    /** What it needed was withdrawn while somebody worked on it. */
    stale: boolean().notNull().default(false),
    /** The graph has to know when it ends: others need it, or it makes an artifact. */
    in_graph: boolean().notNull().default(false),
    /** What its caller gave; null where that is `priority`. */
    own_priority: smallint(),
    lease_seconds: integer(),
    lease_expires_at: moment(),
    /** When the holder of the last claim last renewed its lease, or claimed. */
    last_heartbeat_at: moment(),
    /** How often the task has changed; heartbeats do not count. */
    version: integer().notNull().default(0),
    /** How often somebody has changed what is to be done, and that it was added; no claim and no move counts. */
    revision: integer().notNull().default(1),
    labels: jsonb().$type<string[]>().notNull().default([]),
    metadata: jsonb().$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    /** How many notes it has. */
    note_count: smallint().notNull().default(0),
    /**
     * When a pending task is due; null where it is already, infinity as long as it has unmet needs. A claim brings what
     * has become due up to date.
     */
    ready_at: moment(),
    /** When somebody should look at the lease again: never after its end, and seldom changed, so heartbeats stay cheap. */
    lease_check_at: moment(),
    /** Only the version before reads it. */
    claimable_at: moment().generatedAlwaysAs(
      sql`case status
        when 'pending' then greatest('-infinity', not_before, retry_at)
        when 'in_progress' then lease_expires_at
      end`,
    ),
  },
  (task) => [
    primaryKey({ name: TASKS_PKEY, columns: [task.task_id, task.project_id] }),
    uniqueIndex('tasks_in_order').on(task.project_id, task.seq),
    index('tasks_by_status_in_order').on(task.project_id, task.status, task.seq),
    // What a claim may take at once, and nothing that lies in its way.
    index('tasks_ready')
      .on(task.project_id, task.priority, task.seq)
      .where(sql`${task.status} = 'pending' and ${task.ready_at} is null`),
    index('tasks_ready_by_generator')
      .on(task.project_id, task.generator_name, task.priority, task.seq)
      .where(
        sql`${task.status} = 'pending' and ${task.ready_at} is null and ${task.generator_name} is not null`,
      ),
    // No claim reads the index of what is blocked, but to tell how much there is.
    index('tasks_put_off')
      .on(task.project_id, task.ready_at)
      .where(sql`${task.status} = 'pending' and ${task.ready_at} < 'infinity'`),
    index('tasks_put_off_by_generator')
      .on(task.project_id, task.generator_name, task.ready_at)
      .where(
        sql`${task.status} = 'pending' and ${task.ready_at} < 'infinity' and ${task.generator_name} is not null`,
      ),
    index('tasks_blocked')
      .on(task.project_id, task.stuck_needs, task.seq)
      .where(sql`${task.status} = 'pending' and ${task.unmet_needs} > 0`),
    index('tasks_leased').on(task.project_id, task.lease_check_at).where(sql`${task.claimed_by} is not null`),
    uniqueIndex(CLAIM_SLOTS)
      .on(task.project_id, task.claimed_by, task.claim_slot)
      .where(sql`${task.claimed_by} is not null`),
    ...taskChecks(task),
  ],
);
