import { type SQL, sql } from 'drizzle-orm';
import type { Task } from '../domain/task.ts';
import { tasks } from './schema.ts';
import type { RawRow } from './statement.ts';

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
] as const;

/** The columns that make up a Task, in the select list of whatever table or CTE has them under that alias. */
export function taskColumns(alias: string): SQL {
  return sql.join(
    SHOWN.map((column) => sql`${sql.identifier(alias)}.${sql.identifier(column.name)}`),
    sql`, `,
  );
}

function moment(value: unknown): Date | null {
  // The column is in Date mode, so its own mapper makes a Date of the driver's text.
  return value === null ? null : (tasks.createdAt.mapFromDriverValue(String(value)) as Date);
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
    createdAt: moment(row['created_at']) as Date,
    updatedAt: moment(row['updated_at']) as Date,
    completedAt: moment(row['completed_at']),
    completionNotes: row['completion_notes'] as string | null,
  };
}
