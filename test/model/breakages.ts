import type { Database } from '../../src/db/database.ts';

/** Stands between the operations and the database. */
export type Decorate = (database: Database) => Database;

function rewriting(pattern: RegExp, replacement: string): Decorate {
  return (database) => ({
    run(statement, values) {
      const sql = statement.query.sql.replaceAll(pattern, replacement);
      return database.run({ ...statement, query: { ...statement.query, sql } }, values);
    },
    elapsed: () => database.elapsed(),
    mayHaveChanged: () => database.mayHaveChanged(),
    close: () => database.close(),
  });
}

/** The move no longer compares: it sets, whatever the status is. The parameters stay, as the protocol wants them. */
export const WITHOUT_COMPARE = rewriting(
  /target\.status = any\((\$\d+::text\[\] \|\| \$\d+::text\[\])\)/g,
  '($1) is not null',
);

/** The move no longer locks what it compares, and takes its time between the two. */
export const WITHOUT_LOCK = rewriting(
  /(from matches\) = 1\s+)for update of tasks/g,
  '$1and pg_sleep(0.03) is not null',
);

/** No statement looks at the project any more. */
export const WITHOUT_PROJECT = rewriting(/project_id = (\$\d+)/g, '$1::text is not null');

/** What a write came to is recorded under another key each time, so that it is done again when it is sent again. */
export const WITHOUT_RECORD = rewriting(
  /(insert into idempotency_keys[^$]+\$\d+,\s+)(\$\d+)/g,
  '$1$2 || gen_random_uuid()',
);

/** Any token is good for any claim. */
export const WITHOUT_FENCE = rewriting(
  /coalesce\(claim_token = (\$\d+)::bigint, false\) as holds/g,
  '$1::bigint is not null as holds',
);

/** A claim takes what others hold, their leases notwithstanding. */
export const WITHOUT_LEASE = rewriting(
  /claimable_at <= \(select now from clock\)/g,
  "(claimable_at <= (select now from clock) or status = 'in_progress' and claimable_at is not null)",
);

/** A claim that gets nothing knows of no lease that it could wait for. */
export const WITHOUT_LEASES_AHEAD = rewriting(
  /(and status = )'in_progress'(\s+and claimable_at > '-infinity')/g,
  "$1'none'$2",
);

/** Every claim has the same token. */
export const WITHOUT_GROWTH = rewriting(/nextval\('claim_tokens'\)/g, '1');

/** Attempts that have run out leave the task with its dead agent. */
export const WITHOUT_GIVING_UP = rewriting(/attempt >= max_attempts/g, 'false');
