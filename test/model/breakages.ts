import type { Database } from '../../src/db/database.ts';
import type { Prepared } from '../../src/db/statement.ts';
import type { DatabaseUnderTest } from '../support/database.ts';

/** Stands between the operations and the database. */
export type Decorate = (database: Database) => Database;

type Rewriting = readonly [pattern: RegExp, replacement: string];

function rewriting(...rewritings: readonly Rewriting[]): Decorate {
  const rewrite = ({ query, name }: Prepared): Prepared => ({
    name,
    query: {
      ...query,
      sql: rewritings.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), query.sql),
    },
  });
  return (database) => ({
    run(statement, values) {
      const { forms } = statement;
      const rewritten = { ...statement, ...rewrite(statement) };
      if (forms === undefined) return database.run(rewritten, values);
      const { keyed, repeated } = forms;
      const broken = {
        keyed: rewrite(keyed),
        repeated: repeated && { again: rewrite(repeated.again), recalled: rewrite(repeated.recalled) },
      };
      return database.run({ ...rewritten, forms: broken }, values);
    },
    elapsed: () => database.elapsed(),
    mayHaveChanged: () => database.mayHaveChanged(),
    attempts: () => database.attempts(),
    rest: () => database.rest(),
    close: () => database.close(),
  });
}

/** The move no longer compares: it sets, whatever the status is. The parameters stay, as the protocol wants them. */
export const WITHOUT_COMPARE = rewriting([
  /target\.status = any\((\$\d+::text\[\] \|\| \$\d+::text\[\])\)/g,
  '($1) is not null',
]);

/** The move no longer locks what it compares, and takes its time between the two. */
export const WITHOUT_LOCK = rewriting([
  /(from matches\) = 1\s+)for update of tasks/g,
  '$1and pg_sleep(0.03) is not null',
]);

/** No statement looks at the project any more. */
export const WITHOUT_PROJECT = rewriting([/project_id = (\$\d+)/g, '$1::text is not null']);

/** What a write came to is recorded under another name each time, so that it is done again when it is sent again. */
export const WITHOUT_RECORD = rewriting(
  [/(insert into idempotency_keys[^$]+\$\d+,\s+)(\$\d+)/g, '$1$2 || gen_random_uuid()'],
  [
    /case when is_own then (\$\d+)::uuid end/g,
    'case when is_own and $1::uuid is not null then gen_random_uuid() end',
  ],
  [/(?<='sealed', \$\d+, )(\$\d+)::uuid/g, 'case when $1::uuid is not null then gen_random_uuid() end'],
);

/** A completion drops the result that it was given. */
export const WITHOUT_RESULT = rewriting([
  /coalesce\((\$\d+)::jsonb, tasks\.result\)/g,
  'coalesce(nullif($1::text, $1::text)::jsonb, tasks.result)',
]);

/** Any token is good for any claim. */
export const WITHOUT_FENCE = rewriting([
  /claim_token is not null and coalesce\(last_claim_token = (\$\d+)::text, false\) as holds/g,
  '$1::text is not null as holds',
]);

/** A token is compared by its number only, which anybody can count on to. */
export const WITHOUT_SECRET = rewriting([
  /last_claim_token = (\$\d+)::text/g,
  "split_part(last_claim_token, '.', 1) = split_part($1::text, '.', 1)",
]);

/** A change leaves no event. */
export const WITHOUT_EVENT = rewriting([/(?<=from changes)(?=\s+\),\s+ended as)/g, ' where false']);

/** A claim takes what others hold, their leases notwithstanding. */
export const WITHOUT_LEASE = rewriting([
  /and lease_check_at <= \(select now from clock\)\s+and lease_expires_at <= \(select now from clock\)(?=\s+and unmet_needs = 0\s+and not \(expiries)/g,
  '',
]);

/** A claim that gets nothing knows of no lease that it could wait for. */
export const WITHOUT_LEASES_AHEAD = rewriting([
  /min\(lease_expires_at\) filter \(where lease_expires_at > clock\.now\)/g,
  'null::timestamptz',
]);

/** Every claim has the same token. */
export const WITHOUT_GROWTH = rewriting([/nextval\('claim_tokens'\)/g, '1']);

/** Attempts that have run out leave the task with its dead agent. */
export const WITHOUT_GIVING_UP = rewriting([
  /(?<!not )\(expiries \+ 1 >= coalesce\(max_expiries, max_attempts\)\)/g,
  'false',
]);

/** A claim takes what waits for its needs, too. */
export const WITHOUT_NEEDS = rewriting([
  /(?<=and )ready_at is null(?=\s+and exists \(select from clock\))/g,
  "(ready_at is null or ready_at = 'infinity')",
]);

/** A claim counts as an edit. */
export const WITH_REVISION_OF_CLAIM = rewriting([
  /moved_by_holder = false,(?=\s+progress = null)/g,
  '$& revision = tasks.revision + 1,',
]);

/** A batch does not look at what is deleted. */
export const WITHOUT_DELETED_IDS = rewriting([
  /(?<=from deleted_tasks\s+where )(?=deleted_tasks\.project_id = "?(?:incoming|sent)"?\.)/g,
  'false and ',
]);

/** A change of many tasks takes them from any status to any other. */
export const WITHOUT_RULES_OF_MANY = rewriting([
  /status <> all\((\$\d+::text\[\] \|\| \$\d+::text\[\])\)/g,
  '$1 is null',
]);

/** A change of many tasks takes what others hold. */
export const WITHOUT_CLAIMS_OF_MANY = rewriting([/timed\.lease_expires_at > now(?= and not)/g, 'false']);

/** A change of many tasks finds those of other projects by the same ids. */
export const WITHOUT_PROJECT_OF_MANY = rewriting([
  /(?<=from tasks(?: as task)?\s+where (?:\(select is_held from held\)\s+and )?)((?:task\.)?project_id) = (\$\d+)(?=\s+and task(?:_id = any|\.seq = any))/g,
  '$2::text is not null',
]);

/** A change of many tasks that was meant for another number of them is made all the same. */
export const WITHOUT_EXPECTED_COUNT = rewriting([
  /coalesce\((\$\d+::int) = \(select count\(\*\) from matched\), true\)/g,
  '($1 is null or true)',
]);

/** A claim of several tasks takes as many as it asks for, whatever its agent holds. */
export const WITHOUT_CAPACITY = rewriting(
  [/least\((\$\d+)::int, (\$\d+)::int - count\(\*\)\)/g, '$1::int + 0 * least($2::int, count(*))'],
  [/limit greatest\(0, (\$\d+)::int - \(select count\(\*\) from live\)\)/g, 'limit 100 + $1::int'],
);

/** A claim of several tasks tells of the first alone, as often as it has got one. */
export const WITH_ONE_TASK_TOLD = rewriting([
  /(?<=as context,[^$]*\s+from )held(?=\s+\) as given)/g,
  'first_held as held, held as every',
]);

/** A claimed task is taken out as one that is in progress. */
export const WITH_CLAIM_TAKEN_OUT = rewriting([
  /case when "\w+"\.claimed_by is not null then/g,
  'case when false then',
]);

/** Changes the database itself, and returns what undoes it. */
export type Sabotage = (database: DatabaseUnderTest) => Promise<() => Promise<unknown>>;

function redefining(name: string, [pattern, replacement]: Rewriting): Sabotage {
  return async (database) => {
    const [found] = await database.query<{ readonly definition: string }>(
      'select pg_get_functiondef($1::regproc) as definition',
      [name],
    );
    const definition = found?.definition ?? '';
    await database.query(definition.replace(pattern, replacement));
    return () => database.query(definition);
  };
}

/** What needs a task does not hear of its end. */
export const WITHOUT_SETTLING: Sabotage = async (database) => {
  await database.query('alter table tasks disable trigger tasks_settle_dependents');
  return () => database.query('alter table tasks enable trigger tasks_settle_dependents');
};

/** What a cascade cancels is told by its id, whatever its project is. */
export const WITHOUT_PROJECT_OF_CASCADE = redefining('cancel_stuck', [
  /(?<=where )tasks\.project_id = p_project and (?=tasks\.task_id = any \(doomed\)\s+returning)/i,
  '',
]);

/** An edit does not compare the revision. */
export const WITHOUT_EXPECTED_REVISION = redefining('edit_task', [
  /before\.revision <> p_expected/i,
  'false',
]);

/** An edit does not lock what it compares, and takes its time between the two. */
export const WITHOUT_LOCK_OF_EDIT = redefining('edit_task', [
  /(?<=INTO before FROM tasks WHERE project_id = p_project AND task_id = p_task) FOR NO KEY UPDATE/i,
  '; PERFORM pg_sleep(0.03)',
]);

/** An edit leaves the revision as it was. */
export const WITHOUT_REVISION = redefining('edit_task', [/revision = revision \+ 1,/i, '']);

/** What is restored keeps the claim that it had. */
export const WITH_CLAIM_RESTORED = redefining('restore_task', [/task\.claimed_by IS NOT NULL/i, 'false']);

/** Ids are given that were given before, unless a task has them. */
export const WITHOUT_COUNTER = redefining('give_numbers', [/last_number,(?=\s+p_floor)/i, '0,']);

/** What is taken in waits for nothing. */
export const WITHOUT_NEEDS_OF_IMPORT = redefining('imported_needs', [
  /WHERE p_counts/i,
  'WHERE p_counts AND false',
]);
