import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import {
  CONFORMANCE_DRIVERS,
  type DatabaseUnderTest,
  DRIVERS,
  openTestDatabase,
} from '../support/database.ts';

/** Day and month can be taken for each other, and noon is another day elsewhere. */
const NOW = '2026-03-04T22:06:07.089Z';
const TOMORROW = '2026-03-05T22:06:07.089Z';

/** What the server, a database or a role may have set, and what a statement could depend on. */
const EACH: readonly Readonly<Record<string, string>>[] = [
  { DateStyle: 'German', IntervalStyle: 'sql_standard' },
  { DateStyle: 'SQL, DMY', IntervalStyle: 'iso_8601', TimeZone: 'Asia/Kathmandu' },
  { DateStyle: 'Postgres, MDY', IntervalStyle: 'postgres_verbose', TimeZone: 'America/St_Johns' },
  { DateStyle: 'ISO, DMY', TimeZone: 'Pacific/Kiritimati', timezone_abbreviations: 'India' },
  { bytea_output: 'escape', extra_float_digits: '-15', array_nulls: 'off', transform_null_equals: 'on' },
  { standard_conforming_strings: 'off', backslash_quote: 'on', xmlbinary: 'hex' },
];

/** As few sets as have each setting, with one value of several, where a run is to be short. */
const TOGETHER = [Object.assign({}, ...EACH.toReversed()), Object.assign({}, ...EACH)] as typeof EACH;
const SETTINGS = inject('form').everyCell ? EACH : TOGETHER;

describe.each(CONFORMANCE_DRIVERS)('the settings of a session over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;
  let usual: unknown;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
    await database.query(
      `create or replace function task_clock() returns timestamptz language sql volatile parallel safe
       as 'select timestamptz ''${NOW}'''`,
    );
    usual = await askEverything();
  });
  afterEach(async () => {
    await database.query(`alter database ${database.id} reset all`);
    await database.query(`alter role current_user in database ${database.id} reset all`);
    await database.inject('none');
  });

  /** The random part of a token differs each time. */
  const withoutChance = (body: object): object =>
    // The text is that of an object.
    JSON.parse(JSON.stringify(body).replaceAll(/"(\d+)\.[\w-]{16}"/g, '"$1"')) as object;

  /** Asks every endpoint that has a database, each write also once more under its key. */
  async function askEverything(): Promise<unknown> {
    await database.query(
      'truncate tasks, idempotency_keys restart identity; alter sequence claim_tokens restart',
    );
    const answers: unknown[] = [];
    const note = ({ status, body: { request_id: _, ...body } }: Answer) => {
      answers.push({ status, ...withoutChance(body) });
      return body;
    };
    let keys = 0;
    const twice = async (send: (headers: Record<string, string>) => Promise<Answer>) => {
      keys += 1;
      const headers = { 'idempotency-key': `key-${keys}` };
      note(await send(headers));
      return note(await send(headers));
    };
    const ask = async (path: string) => note(await app.get(path));
    const tasks = [
      { task_id: 'TASK-1', project_id: 'p', description: 'Do it', not_before: '2026-03-04T05:51:07+05:45' },
      { task_id: 'TASK-2', project_id: 'p', description: 'Do it', not_before: TOMORROW },
      { task_id: 'TASK-3', project_id: 'NULL', description: 'Do it', status: 'completed' },
    ];
    await twice((headers) => app.post('/tasks/batch', { tasks }, headers));
    const claim = { project_id: 'p', agent_id: 'a' };
    const { claim: given } = await twice((headers) => app.post('/tasks/claim', claim, headers));
    await twice((headers) => app.post('/tasks/claim', { ...claim, agent_id: 'b' }, headers));
    const token = { claim_token: given.token };
    await twice((headers) => app.post('/tasks/TASK-1/heartbeat', token, headers));
    await twice((headers) => app.put('/tasks/TASK-1/status', { status: 'completed' }, headers));
    const failed = { ...token, status: 'failed', error: 'no luck', delay_seconds: 90_061 };
    await twice((headers) => app.put('/tasks/TASK-1/status?project=p', failed, headers));
    await ask('/tasks/next?project=p');
    await ask('/tasks/next?project=NULL&status=completed');
    await ask('/tasks?project=p');
    await ask('/tasks?project=p&status=pending&limit=1');
    await ask('/tasks/TASK-1?project=p');
    const start = { status: 'in_progress' };
    await twice((headers) => app.put('/tasks/TASK-1/status?project=p', start, headers));
    await twice((headers) => app.put('/tasks/TASK-1/status', { status: 'pending', reset: true }, headers));
    const { claim: second } = await twice((headers) => app.post('/tasks/claim', claim, headers));
    const release = { claim_token: second.token, delay_seconds: 3_600 };
    await twice((headers) => app.post('/tasks/TASK-1/release', release, headers));
    note(await app.delete('/tasks/TASK-3?project=NULL'));
    const metrics = await (await app.send('/metrics')).text();
    // The age of a task goes by the real time.
    answers.push(metrics.replace(/(age_seconds\{.*\}) \d+.*/g, '$1'));
    return answers;
  }

  it('the answers of a database without settings are the expected ones', () => {
    expect(usual).toContainEqual(
      expect.objectContaining({
        status: 200,
        task: expect.objectContaining({
          created_at: NOW,
          not_before: '2026-03-04T00:06:07.000Z',
          retry_at: '2026-03-05T23:07:08.089Z',
        }),
      }),
    );
    expect(JSON.stringify(usual)).not.toContain('internal_error');
  });

  // Over a driver that behaviour is not tested over, the settings of the role stand for those of the database.
  const tried = DRIVERS.includes(driver) ? SETTINGS : [];

  it.each(tried)('no answer changes where the database has %o', async (settings) => {
    for (const [name, value] of Object.entries(settings)) {
      await database.query(`alter database ${database.id} set ${name} to '${value}'`);
    }
    await database.inject('none');
    expect(await askEverything()).toEqual(usual);
  });

  it('no answer changes where the role of the service has settings', async () => {
    const inDatabase = `alter role current_user in database ${database.id}`;
    await database.query(`${inDatabase} set DateStyle to 'German'`);
    await database.query(`${inDatabase} set TimeZone to 'Asia/Kathmandu'`);
    await database.query(`${inDatabase} set IntervalStyle to 'sql_standard'`);
    await database.inject('none');
    expect(await askEverything()).toEqual(usual);
  });
});
