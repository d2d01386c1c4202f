import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { appUnderTest } from '../support/app.ts';
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

/** What the role of the service is bound to, in milliseconds; shorter than an attempt, so that the server speaks first. */
const STATEMENT_TIMEOUT_MS = 800;
const WITHIN_SECONDS = 0.3;
const PAST_SECONDS = 60;

/** Has every statement that looks for a task by its id sleep so long on the server. */
const sleeping =
  (seconds: number) =>
  (database: Database): Database => ({
    ...database,
    run(statement, values) {
      const sql = statement.query.sql.replace(/task_id = \$/, `pg_sleep(${seconds}) is not null and $&`);
      expect(sql).toContain('pg_sleep');
      return database.run({ ...statement, query: { ...statement.query, sql } }, values);
    },
  });

describe.each(CONFORMANCE_DRIVERS)('the time of a statement over %s', (driver) => {
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase({ statementTimeout: STATEMENT_TIMEOUT_MS });
    await database.query(
      `insert into tasks (task_id, project_id, description) values ('TASK-1', 'p', 'Do it')`,
    );
  });

  const appSleeping = (seconds: number) =>
    appUnderTest({ driver, connectionString: database[driver], decorate: sleeping(seconds) });
  const running = () =>
    database.query(`select query from pg_stat_activity
      where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`);

  it('a statement may take as long as the server allows', async () => {
    const { status, body } = await appSleeping(WITHIN_SECONDS).get('/tasks/TASK-1?project=p');
    expect(status).toBe(200);
    expect(body.task?.task_id).toBe('TASK-1');
  });

  it('a read past the limit fails as database_unavailable and is cancelled on the server', async () => {
    const app = appSleeping(PAST_SECONDS);
    const { status, body } = await app.get('/tasks/TASK-1?project=p');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'database_unavailable', error: 'Database unavailable' });
    expect(app.pauses).toEqual([]);
    expect(await running()).toEqual([]);
  });

  it('a write past the limit changes nothing and is cancelled on the server', async () => {
    const { status, body } = await appSleeping(PAST_SECONDS).move('p', 'TASK-1', { status: 'in_progress' });
    expect(status).toBe(500);
    expect(body.code).toBe('database_unavailable');
    expect(await running()).toEqual([]);
    expect(await database.query('select status from tasks')).toEqual([{ status: 'pending' }]);
  });
});
