import type { Database } from '../../src/db/database.ts';
import { DomainError } from '../../src/domain/errors.ts';

/** Stands between the operations and the database. */
export type Decorate = (database: Database) => Database;

function rewriting(pattern: RegExp, replacement: string): Decorate {
  return (database) => ({
    run(statement, values) {
      const sql = statement.query.sql.replaceAll(pattern, replacement);
      return database.run({ ...statement, query: { ...statement.query, sql } }, values);
    },
    elapsed: () => database.elapsed(),
    close: () => database.close(),
  });
}

/** The move no longer compares: it sets, whatever the status is. The parameters stay, as the protocol wants them. */
export const WITHOUT_COMPARE = rewriting(
  /target\.status = any\((\$\d+::text\[\] \|\| \$\d+::text\[\])\)/g,
  '($1) is not null',
);

/** The move no longer locks what it compares, and takes its time between the two. */
export const WITHOUT_LOCK = rewriting(/for update of tasks/g, 'and pg_sleep(0.03) is not null');

/** No statement looks at the project any more. */
export const WITHOUT_PROJECT = rewriting(/project_id = (\$\d+)/g, '$1::text is not null');

/** A write whose answer was lost is sent again. */
export const WITH_RESENDING: Decorate = (database) => ({
  async run(statement, values) {
    try {
      return await database.run(statement, values);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'outcome_unknown')) throw error;
      return database.run(statement, values);
    }
  },
  elapsed: () => database.elapsed(),
  close: () => database.close(),
});
