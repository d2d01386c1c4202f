import { type SQL, sql } from 'drizzle-orm/sql';
import { isoMoment } from './moment.ts';

/** The columns of those names; `alias` has them, and `at` among them is a moment. */
export function datedColumns(alias: string, names: readonly string[]): SQL {
  return sql.join(
    names.map((column) => {
      const name = sql.identifier(column);
      const stored = sql`${sql.identifier(alias)}.${name}`;
      return column === 'at' ? sql`${isoMoment(stored)} as ${name}` : stored;
    }),
    sql`, `,
  );
}
