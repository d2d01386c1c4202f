import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from './constant.ts';

/** Deletes the rows of a table that come first among some, at most so many, and none that somebody else is deleting. */
export function deleteFirst(
  table: string,
  { among, by, most }: { readonly among: SQL; readonly by: string; readonly most: number },
): SQL {
  const name = sql.identifier(table);
  return sql`
      delete from ${name}
      where ctid = any(array(
        select ctid
        from ${name}
        where ${among}
        order by ${sql.identifier(by)}
        limit ${constant(most)}
        for update skip locked
      ))`;
}
