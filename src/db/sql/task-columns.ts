import { getTableColumns, is, type SQL, sql } from 'drizzle-orm';
import { PgTimestampString } from 'drizzle-orm/pg-core';
import { tasks } from '../schema/index.ts';
import type { RawRow } from '../statement.ts';
import { isoMoment } from './moment.ts';

const HIDDEN = [
  'seq',
  'pending_at',
  'started_at',
  'claim_token',
  'claim_slot',
  'lease_seconds',
  'claimable_at',
] as const;

/** A task as clients see it; moments are texts in ISO 8601. */
export type Task = Omit<typeof tasks.$inferSelect, (typeof HIDDEN)[number]>;

const isHidden = (name: string) => HIDDEN.some((hidden) => hidden === name);
const shown = () => Object.entries(getTableColumns(tasks)).filter(([name]) => !isHidden(name));

/** The columns of a Task, for a statement's last select list: moments are texts, so no step may go on from them. */
export function taskColumns(alias: string): SQL {
  return sql.join(
    shown().map(([, column]) => {
      const name = sql.identifier(column.name);
      const stored = sql`${sql.identifier(alias)}.${name}`;
      return is(column, PgTimestampString) ? sql`${isoMoment(stored)} as ${name}` : stored;
    }),
    sql`, `,
  );
}

let names: readonly string[] | undefined;

export function toTask(row: RawRow): Task {
  names ??= shown().map(([name]) => name);
  // The columns' types, NOT NULL and CHECK constraints guarantee the values.
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Task;
}

export interface Claim {
  readonly agent_id: string;
  /** Grows with every claim, so a former holder can be told from its successor. */
  readonly token: number;
  readonly attempt: number;
  readonly lease_expires_at: string;
}

/** Reads a claim from the columns of taskColumns and the token. */
export function toClaim(row: RawRow): Claim {
  // tasks_claims_are_whole guarantees every column. A driver returns a bigint as text, a record has a number.
  return {
    agent_id: row['claimed_by'] as string,
    token: Number(row['claim_token']),
    attempt: row['attempt'] as number,
    lease_expires_at: row['lease_expires_at'] as string,
  };
}
