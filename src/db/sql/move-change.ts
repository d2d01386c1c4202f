import { type SQL, sql } from 'drizzle-orm/sql';
import { resultOf } from '../../domain/transitions.ts';
import { constant } from './constant.ts';
import { NO_CLAIM } from './ended-claim.ts';
import { statusChange } from './status-change.ts';

interface Move {
  readonly becomes: SQL;
  readonly now: SQL;
  readonly isReset: SQL;
  /** Whether the holder of the claim makes it. */
  readonly isHolders: SQL;
  /** A text; empty or null leaves what there is, as null does for the others. */
  readonly notes: SQL;
  /** As JSON. */
  readonly result?: SQL;
  readonly artifacts?: SQL;
  readonly error?: SQL;
  readonly retryAt?: SQL;
}

const NULL = sql`null`;

/** What a move or a reset does, for the SET list of an UPDATE of `tasks` under its own name. It ends a claim. */
export function moveChange(move: Move): SQL {
  const { becomes, now, isReset, isHolders, notes } = move;
  const { result = NULL, artifacts = NULL, error = NULL, retryAt } = move;
  return sql`${statusChange(becomes, now, retryAt)},
          completion_notes = case
            when ${isReset} then null
            else coalesce(nullif(${notes}::text, ''), tasks.completion_notes)
          end,
          attempt = case when ${isReset} then 0 else tasks.attempt end,
          expiries = case when ${isReset} then 0 else tasks.expiries end,
          result = case when ${isReset} then null else coalesce(${result}::jsonb, tasks.result) end,
          artifacts = case when ${isReset} then '[]' else coalesce(${artifacts}::jsonb, tasks.artifacts) end,
          checkpoint = case when not ${isReset} and ${becomes} <> 'completed' then tasks.checkpoint end,
          last_error = case when ${isReset} then null else coalesce(${error}::text, tasks.last_error) end,
          moved_by_holder = ${isHolders},
          ${NO_CLAIM}`;
}

/** The same of a release, which is no failure, so the attempt does not count. */
export function releaseChange(now: SQL, retryAt: SQL, notes: SQL): SQL {
  return sql`${statusChange(constant(resultOf('release')), now, retryAt)},
          completion_notes = coalesce(nullif(${notes}::text, ''), tasks.completion_notes),
          attempt = greatest(tasks.attempt - 1, 0),
          ${NO_CLAIM}`;
}
