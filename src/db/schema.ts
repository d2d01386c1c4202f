import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { WAIT_BUCKETS } from '../domain/metrics.ts';
import { DEFAULTS, LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../domain/task.ts';

/** A value of ours as an SQL literal, for CHECK constraints, which cannot hold parameters. */
function literal(value: string): SQL {
  return sql.raw(`'${value.replaceAll("'", "''")}'`);
}

function number(value: number): SQL {
  return sql.raw(String(value));
}

const NO_WAITS: number[] = WAIT_BUCKETS.map(() => 0);
export const TASKS_PKEY = 'tasks_pkey';
export const CLAIM_SLOTS = 'tasks_claim_slots';

/** Numbers the claims of all tasks, so that a later claim always has a greater token, also when a task comes again. */
export const claimTokens = pgSequence('claim_tokens');

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

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
    ...checks(task),
  ],
);

type Checked =
  | 'attempt'
  | 'claimSlot'
  | 'claimToken'
  | 'claimedBy'
  | 'completedAt'
  | 'completionNotes'
  | 'contextNotes'
  | 'description'
  | 'expectedOutputs'
  | 'generatorName'
  | 'inputs'
  | 'lastError'
  | 'leaseExpiresAt'
  | 'leaseSeconds'
  | 'maxAttempts'
  | 'priority'
  | 'projectId'
  | 'status'
  | 'taskId';

/** What holds for every row, whoever writes it. */
function checks(task: Record<Checked, SQLWrapper>) {
  return [
    check(
      'tasks_task_id_format',
      sql`${task.taskId} ~ ${literal(TASK_ID_PATTERN.source)} and char_length(${task.taskId}) <= ${number(LIMITS.taskIdCharacters)}`,
    ),
    check('tasks_project_id_format', sql`${task.projectId} ~ ${literal(PROJECT_ID_PATTERN.source)}`),
    check('tasks_status_known', sql`${task.status} in (${sql.join(STATUSES.map(literal), sql`, `)})`),
    check(
      'tasks_text_lengths',
      sql`char_length(${task.description}) between 1 and ${number(LIMITS.descriptionCharacters)}
        and char_length(${task.generatorName}) <= ${number(LIMITS.generatorNameCharacters)}
        and char_length(${task.contextNotes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.completionNotes}) <= ${number(LIMITS.notesCharacters)}
        and char_length(${task.lastError}) <= ${number(LIMITS.errorCharacters)}
        and char_length(${task.claimedBy}) between 1 and ${number(LIMITS.agentIdCharacters)}`,
    ),
    check(
      'tasks_lists_are_arrays',
      sql`jsonb_typeof(${task.inputs}) = 'array' and jsonb_typeof(${task.expectedOutputs}) = 'array'`,
    ),
    check(
      'tasks_completed_at_iff_completed',
      sql`(${task.status} = 'completed') = (${task.completedAt} is not null)`,
    ),
    check('tasks_priority_range', sql`${task.priority} between 0 and ${number(LIMITS.lastPriority)}`),
    check(
      'tasks_attempts_in_bounds',
      sql`${task.maxAttempts} between 1 and ${number(LIMITS.attempts)}
        and ${task.attempt} between 0 and ${task.maxAttempts}`,
    ),
    check(
      'tasks_claims_are_whole',
      sql`num_nulls(${task.claimedBy}, ${task.claimToken}, ${task.claimSlot}, ${task.leaseSeconds}, ${task.leaseExpiresAt}) in (0, 5)
        and (${task.claimedBy} is null or ${task.status} = 'in_progress')`,
    ),
  ];
}

export const IDEMPOTENCY_KEYS_PKEY = 'idempotency_keys_pkey';

/** What came of each write, under the identity of its request, so that the same request gets the same answer again. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The name of the credential whose key it is; empty where the service made the key for one request. */
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    outcome: jsonb('outcome').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (record) => [
    primaryKey({ name: IDEMPOTENCY_KEYS_PKEY, columns: [record.caller, record.key] }),
    index('idempotency_keys_by_expiry').on(record.expiresAt),
  ],
);

/**
 * What GET /metrics tells, kept by triggers on `tasks`, so that no writer can make it drift; see
 * drizzle/0002_count_tasks.sql. The rows of one project and status are to be added up: each backend writes to a
 * shard of its own, so that the writers of a project do not queue on one row.
 */
export const taskCounters = pgTable(
  'task_counters',
  {
    projectId: text('project_id').notNull(),
    status: text('status', { enum: STATUSES }).notNull(),
    shard: integer('shard').notNull(),
    /** Tasks that are in the status; of one shard it may be negative. */
    tasks: bigint('tasks', { mode: 'number' }).notNull().default(0),
    /** How often a task reached the status after it was pending: within each bound, and last at all. */
    waits: bigint('waits', { mode: 'number' }).array().notNull().default(NO_WAITS),
    /** How long those took together, in milliseconds. */
    waitMs: bigint('wait_ms', { mode: 'number' }).notNull().default(0),
  },
  (counter) => [
    primaryKey({
      name: 'task_counters_pkey',
      columns: [counter.projectId, counter.status, counter.shard],
    }),
    check('task_counters_waits_by_bound', sql`cardinality(${counter.waits}) = ${number(NO_WAITS.length)}`),
  ],
);
