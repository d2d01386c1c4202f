import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import type { claim } from '../contract/claim.ts';
import { task } from '../contract/task.ts';
import type { tasks } from '../db/schema/index.ts';
import { constant } from '../db/sql/constant.ts';
import { isoMoment } from '../db/sql/moment.ts';
import type { RawRow } from '../db/statement.ts';

/** A column of the table that clients are shown. */
type Shown = keyof z.infer<typeof task> & keyof typeof tasks.$inferSelect;

/** A task as clients see it: columns as they are stored, but for moments, which are texts in ISO 8601. */
export type Task = Pick<typeof tasks.$inferSelect, Shown> & { readonly effective_priority: number };

export type Claim = z.infer<typeof claim>;

// The contract's fields are columns of the table: a test compares them.
const NAMES = Object.keys(task.shape) as Shown[];

/** Whether a column holds a moment; a test compares the names with the schema. */
export const isMoment = (name: string) => name.endsWith('_at') || name === 'not_before';

/** Shown otherwise than under their names: what is stored as the priority is the effective one. */
const SHOWN_AS: Partial<Record<string, (alias: SQL) => SQL>> = {
  priority: (alias) => sql`coalesce(${alias}.own_priority, ${alias}.priority) as priority`,
  effective_priority: (alias) => sql`${alias}.priority as effective_priority`,
  // The version before writes no heartbeats, so a claim may be younger than the last one.
  last_heartbeat_at: (alias) =>
    sql`case when ${alias}.claimed_by is not null then ${isoMoment(sql`greatest(${alias}.last_heartbeat_at, ${alias}.started_at)`)} end as last_heartbeat_at`,
};

/** The columns that may be long; all others are short. */
const LONG: ReadonlySet<string> = new Set<Shown>([
  'description',
  'inputs',
  'expected_outputs',
  'context_notes',
  'completion_notes',
  'last_error',
  'result',
  'artifacts',
  'metadata',
  'labels',
]);

const isAsked = (column: string, asked: SQL): SQL =>
  sql`(${asked}::text[] is null or ${constant(column)} = any(${asked}::text[]))`;

/** The bytes of what is long in a row of the table; `asked` names the columns that count, and null all. */
export function longBytes(asked: SQL): SQL {
  return sql.join(
    [...LONG].map((column) => {
      const bytes = sql`octet_length(${sql.identifier(column)}::text)`;
      return sql`case when ${isAsked(column, asked)} then coalesce(${bytes}, 0) else 0 end`;
    }),
    sql` + `,
  );
}

/**
 * The columns of a Task, for the last select list of a statement; `alias` has the columns of the table. Moments are
 * texts by then, so no step of a statement goes on from these. With `asked`, what is long and not asked for is null.
 */
export function taskColumns(alias: string, asked?: SQL): SQL {
  return sql.join(
    NAMES.map((column) => {
      const name = sql.identifier(column);
      const shown = SHOWN_AS[column];
      if (shown !== undefined) return shown(sql`${sql.identifier(alias)}`);
      const stored = sql`${sql.identifier(alias)}.${name}`;
      if (asked !== undefined && LONG.has(column))
        return sql`case when ${isAsked(column, asked)} then ${stored} end as ${name}`;
      return isMoment(column) ? sql`${isoMoment(stored)} as ${name}` : stored;
    }),
    sql`, `,
  );
}

/** Takes the columns of taskColumns out of a row. */
export function toTask(row: RawRow): Task {
  // The columns' types, NOT NULL and CHECK constraints guarantee the values.
  return Object.fromEntries(NAMES.map((name) => [name, row[name]])) as Task;
}

/** Reads the claim of a task that is claimed: the columns of taskColumns and the token. */
export function toClaim(row: RawRow): Claim {
  // tasks_claims_are_whole and the claim guarantee every column.
  return {
    agent_id: row['claimed_by'] as string,
    token: row['last_claim_token'] as string,
    attempt: row['attempt'] as number,
    lease_expires_at: row['lease_expires_at'] as string,
  };
}
