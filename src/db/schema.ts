import { type SQL, sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { WAIT_BUCKETS } from '../domain/metrics.ts';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../domain/task.ts';

/** A value of ours as an SQL literal, for CHECK constraints, which cannot hold parameters. */
function literal(value: string): SQL {
  return sql.raw(`'${value.replaceAll("'", "''")}'`);
}

function number(value: number): SQL {
  return sql.raw(String(value));
}

const NO_WAITS: number[] = WAIT_BUCKETS.map(() => 0);

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
  },
  (task) => [
    primaryKey({ name: 'tasks_pkey', columns: [task.taskId, task.projectId] }),
    uniqueIndex('tasks_in_order').on(task.projectId, task.seq),
    index('tasks_by_status_in_order').on(task.projectId, task.status, task.seq),
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
        and char_length(${task.completionNotes}) <= ${number(LIMITS.notesCharacters)}`,
    ),
    check(
      'tasks_lists_are_arrays',
      sql`jsonb_typeof(${task.inputs}) = 'array' and jsonb_typeof(${task.expectedOutputs}) = 'array'`,
    ),
    check(
      'tasks_completed_at_iff_completed',
      sql`(${task.status} = 'completed') = (${task.completedAt} is not null)`,
    ),
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
