import { sql } from 'drizzle-orm';
import {
  bigint,
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
import { DEFAULTS, STATUSES } from '../../domain/task.ts';
import { moment } from './moment-column.ts';
import { CLAIM_SLOTS, TASKS_PKEY } from './names.ts';
import { taskChecks } from './task-checks.ts';

/** Numbers the claims of all tasks, so that a later claim always has a greater token, also when a task comes again. */
export const claimTokens = pgSequence('claim_tokens');

/**
 * The tasks of all projects. The primary key leads with the task id, so that one index serves both the lookup
 * within a project and the lookup by task id alone. `seq` is the order of creation, never shown to a client.
 */
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
    /** When it last became pending; null for a task that never was. */
    pending_at: moment(),
    /** When it last became in_progress; null for one that was not since it became pending. */
    started_at: moment(),
    completion_notes: text(),
    priority: smallint().notNull().default(DEFAULTS.priority),
    not_before: moment(),
    max_attempts: smallint().notNull().default(DEFAULTS.maxAttempts),
    attempt: smallint().notNull().default(0),
    retry_at: moment(),
    last_error: text(),
    claimed_by: text(),
    claim_token: bigint({ mode: 'number' }),
    /** Tells the claims of one agent apart; two that it makes at once meet in the unique index below. */
    claim_slot: smallint(),
    lease_seconds: integer(),
    lease_expires_at: moment(),
    /** From when on a claim may take the task; null where none may: it is done, or worked on without a claim. */
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
    index('tasks_claimable')
      .on(task.project_id, task.priority, task.seq, task.claimable_at)
      .where(sql`${task.claimable_at} is not null`),
    index('tasks_claimable_by_generator')
      .on(task.project_id, task.generator_name, task.priority, task.seq, task.claimable_at)
      .where(sql`${task.claimable_at} is not null`),
    // What a claim that got nothing may wait for: tasks that are not due yet, and leases.
    index('tasks_awaited')
      .on(task.project_id, task.status, task.claimable_at)
      .where(sql`${task.claimable_at} > '-infinity'`),
    index('tasks_awaited_by_generator')
      .on(task.project_id, task.generator_name, task.status, task.claimable_at)
      .where(sql`${task.claimable_at} > '-infinity' and ${task.generator_name} is not null`),
    // Of all claims only those that nobody can claim again; a wider index would also offer itself for the claims of
    // one agent, and be taken while the statistics are from before there were claims.
    index('tasks_last_attempts')
      .on(task.project_id, task.lease_expires_at)
      .where(sql`${task.claimed_by} is not null and ${task.attempt} >= ${task.max_attempts}`),
    uniqueIndex(CLAIM_SLOTS)
      .on(task.project_id, task.claimed_by, task.claim_slot)
      .where(sql`${task.claimed_by} is not null`),
    ...taskChecks(task),
  ],
);
