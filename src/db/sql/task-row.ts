import { is, type SQL, sql } from 'drizzle-orm';
import { PgTimestamp } from 'drizzle-orm/pg-core';
import type { Claim } from '../../domain/claims.ts';
import type { Holder, Task } from '../../domain/task.ts';
import { tasks } from '../schema/index.ts';
import type { RawRow } from '../statement.ts';
import { isoMoment, readMoment } from './moment.ts';

const SHOWN = [
  tasks.taskId,
  tasks.projectId,
  tasks.description,
  tasks.generatorName,
  tasks.status,
  tasks.inputs,
  tasks.expectedOutputs,
  tasks.contextNotes,
  tasks.createdAt,
  tasks.updatedAt,
  tasks.completedAt,
  tasks.completionNotes,
  tasks.priority,
  tasks.notBefore,
  tasks.maxAttempts,
  tasks.attempt,
  tasks.retryAt,
  tasks.lastError,
  tasks.claimedBy,
  tasks.leaseExpiresAt,
] as const;

/**
 * What a Task is read from, in the last select list of a statement; `alias` has the columns of the table. Moments are
 * texts by then, so no step of a statement goes on from these.
 */
export function taskColumns(alias: string): SQL {
  return sql.join(
    SHOWN.map((column) => {
      const name = sql.identifier(column.name);
      const stored = sql`${sql.identifier(alias)}.${name}`;
      return is(column, PgTimestamp) ? sql`${isoMoment(stored)} as ${name}` : stored;
    }),
    sql`, `,
  );
}

function moment(value: unknown): Date | null {
  return value === null ? null : readMoment(value);
}

/** The holder in a row that has these two columns. */
export function toHolder(row: RawRow): Holder | null {
  const agentId = row['claimed_by'] as string | null;
  // The CHECK constraint tasks_claims_are_whole guarantees both or none.
  return agentId === null ? null : { agentId, leaseExpiresAt: readMoment(row['lease_expires_at']) };
}

/** Reads a row selected with taskColumns. */
export function toTask(row: RawRow): Task {
  // The columns' types, NOT NULL and CHECK constraints guarantee every cast below.
  return {
    taskId: row['task_id'] as string,
    projectId: row['project_id'] as string,
    description: row['description'] as string,
    generatorName: row['generator_name'] as string | null,
    status: row['status'] as Task['status'],
    inputs: row['inputs'] as string[],
    expectedOutputs: row['expected_outputs'] as string[],
    contextNotes: row['context_notes'] as string | null,
    createdAt: readMoment(row['created_at']),
    updatedAt: readMoment(row['updated_at']),
    completedAt: moment(row['completed_at']),
    completionNotes: row['completion_notes'] as string | null,
    priority: row['priority'] as number,
    notBefore: moment(row['not_before']),
    maxAttempts: row['max_attempts'] as number,
    attempt: row['attempt'] as number,
    retryAt: moment(row['retry_at']),
    lastError: row['last_error'] as string | null,
    holder: toHolder(row),
  };
}

/** Reads the claim of a task that is claimed: the columns of taskColumns and the token. */
export function toClaim(row: RawRow): Claim {
  // tasks_claims_are_whole guarantees every column; the drivers hand a bigint over as text, a record as a number.
  return {
    agentId: row['claimed_by'] as string,
    token: Number(row['claim_token']),
    attempt: row['attempt'] as number,
    leaseExpiresAt: readMoment(row['lease_expires_at']),
  };
}
