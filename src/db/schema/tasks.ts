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
import { taskChecks } from './task-checks.ts';

export const TASKS_PKEY = 'tasks_pkey';
export const CLAIM_SLOTS = 'tasks_claim_slots';

/** Numbers the claims of all tasks, so that a later claim always has a greater token, also when a task comes again. */
export const claimTokens = pgSequence('claim_tokens');

/**
 * The tasks of all projects. The primary key leads with the task id, so that one index serves both the lookup
 * within a project and the lookup by task id alone. `seq` is the order of creation, never shown to a client.
 */
export const tasks = pgTable(
  'tasks',
  {
    taskId: text('task_id').notNull(),
    projectId: text('project_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    description: text('description').notNull(),
    generatorName: text('generator_name'),
    status: text('status', { enum: STATUSES }).notNull().default('pending'),
    inputs: jsonb('inputs').$type<string[]>().notNull().default([]),
    expectedOutputs: jsonb('expected_outputs').$type<string[]>().notNull().default([]),
    contextNotes: text('context_notes'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    completedAt: moment('completed_at'),
    /** When it last became pending; null for a task that never was. */
    pendingAt: moment('pending_at'),
    /** When it last became in_progress; null for one that was not since it became pending. */
    startedAt: moment('started_at'),
    completionNotes: text('completion_notes'),
    priority: smallint('priority').notNull().default(DEFAULTS.priority),
    notBefore: moment('not_before'),
    maxAttempts: smallint('max_attempts').notNull().default(DEFAULTS.maxAttempts),
    attempt: smallint('attempt').notNull().default(0),
    retryAt: moment('retry_at'),
    lastError: text('last_error'),
    claimedBy: text('claimed_by'),
    claimToken: bigint('claim_token', { mode: 'number' }),
    /** Tells the claims of one agent apart; two that it makes at once meet in the unique index below. */
    claimSlot: smallint('claim_slot'),
    leaseSeconds: integer('lease_seconds'),
    leaseExpiresAt: moment('lease_expires_at'),
    /** From when on a claim may take the task; null where none may: it is done, or worked on without a claim. */
    claimableAt: moment('claimable_at').generatedAlwaysAs(
      sql`case status
        when 'pending' then greatest('-infinity', not_before, retry_at)
        when 'in_progress' then lease_expires_at
      end`,
    ),
  },
  (task) => [
    primaryKey({ name: TASKS_PKEY, columns: [task.taskId, task.projectId] }),
    uniqueIndex('tasks_in_order').on(task.projectId, task.seq),
    index('tasks_by_status_in_order').on(task.projectId, task.status, task.seq),
    index('tasks_claimable')
      .on(task.projectId, task.priority, task.seq, task.claimableAt)
      .where(sql`${task.claimableAt} is not null`),
    index('tasks_claimable_by_generator')
      .on(task.projectId, task.generatorName, task.priority, task.seq, task.claimableAt)
      .where(sql`${task.claimableAt} is not null`),
    // What a claim that got nothing may wait for: tasks that are not due yet, and leases.
    index('tasks_awaited')
      .on(task.projectId, task.status, task.claimableAt)
      .where(sql`${task.claimableAt} > '-infinity'`),
    index('tasks_awaited_by_generator')
      .on(task.projectId, task.generatorName, task.status, task.claimableAt)
      .where(sql`${task.claimableAt} > '-infinity' and ${task.generatorName} is not null`),
    // Of all claims only those that nobody can claim again; a wider index would also offer itself for the claims of
    // one agent, and be taken while the statistics are from before there were claims.
    index('tasks_last_attempts')
      .on(task.projectId, task.leaseExpiresAt)
      .where(sql`${task.claimedBy} is not null and ${task.attempt} >= ${task.maxAttempts}`),
    uniqueIndex(CLAIM_SLOTS)
      .on(task.projectId, task.claimedBy, task.claimSlot)
      .where(sql`${task.claimedBy} is not null`),
    ...taskChecks(task),
  ],
);
