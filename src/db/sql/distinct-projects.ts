import { type SQL, sql } from 'drizzle-orm/sql';

/**
 * The step of that name, for `with recursive`: every project of a table that has an index which leads with the project.
 * Finds each by one look at the index instead of reading every row (PostgreSQL wiki, "Loose indexscan").
 */
export function distinctProjects(step: string, table: string): SQL {
  const [projects, rows] = [sql.identifier(step), sql.identifier(table)];
  return sql`
    ${projects} as (
      (select project_id from ${rows} order by project_id limit 1)
      union all
      select (
        select project_id
        from ${rows}
        where project_id > ${projects}.project_id
        order by project_id
        limit 1
      )
      from ${projects}
      where project_id is not null
    )`;
}
