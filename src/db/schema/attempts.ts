import { bigint, check, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { ATTEMPT_OUTCOMES } from '../../domain/attempts.ts';
import { isOneOf } from './literals.ts';
import { moment } from './moment-column.ts';

/** Every claim that has ended, written by the statement that ended it. */
export const attempts = pgTable(
  'attempts',
  {
    project_id: text().notNull(),
    task_id: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    agent_id: text().notNull(),
    attempt: smallint().notNull(),
    began_at: moment(),
    ended_at: moment().notNull(),
    outcome: text({ enum: ATTEMPT_OUTCOMES }).notNull(),
    error: text(),
    progress: jsonb(),
    usage: jsonb(),
  },
  (attempt) => [
    primaryKey({ name: 'attempts_pkey', columns: [attempt.project_id, attempt.task_id, attempt.seq] }),
    check('attempts_outcome_known', isOneOf(attempt.outcome, ATTEMPT_OUTCOMES)),
  ],
);
