import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import type { Answer, Api } from '../support/api.ts';
import { newTask } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { tokenOf } from '../support/claim-token.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const FAULT = new TypeError('a defect');

const failing = (): never => {
  throw FAULT;
};

/** Where the service can fail on its way from a statement to the answer. */
const FAULTS: Readonly<Record<string, (database: Database) => Database>> = {
  'reading the row fails': (database) => ({
    ...database,
    run: (statement, values) => database.run({ ...statement, toRow: failing }, values),
  }),
  'the operation fails': (database) => ({
    ...database,
    run: async (statement, values) => {
      await database.run(statement, values);
      return failing();
    },
  }),
  // What an operation returns of the row then fails as soon as the answer is made of it: JSON has no such numbers.
  'presenting the answer fails': (database) => ({
    ...database,
    run: async (statement, values) => (await database.run(statement, values)).map(unwritable),
  }),
};

/** The same, but for texts, in whose place are numbers that JSON cannot write. */
function unwritable<T>(value: T): T {
  if (typeof value === 'string') return 1n as T;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // It has the same keys.
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unwritable(part)])) as T;
}

type Send = (api: Api, headers: Record<string, string>) => Promise<Answer>;

const TOKEN = { claim_token: tokenOf(7) };

const WRITES: Readonly<Record<string, Send>> = {
  'POST /tasks/claim': (api, headers) =>
    api.post('/tasks/claim', { project_id: 'p', agent_id: 'b' }, headers),
  'PUT /tasks/{task_id}/status': (api, headers) =>
    api.put('/tasks/TASK-1/status?project=p', { status: 'in_progress' }, headers),
  'POST /tasks/{task_id}/heartbeat': (api, headers) =>
    api.post('/tasks/TASK-2/heartbeat', { ...TOKEN, lease_seconds: 60 }, headers),
  'POST /tasks/{task_id}/release': (api, headers) => api.post('/tasks/TASK-2/release', TOKEN, headers),
  'DELETE /tasks/{task_id}': (api) => api.delete('/tasks/TASK-1?project=p'),
};
/** Its answer holds nothing of a row. */
const BATCH: Send = (api, headers) => api.post('/tasks/batch', { tasks: [newTask('p', 'TASK-3')] }, headers);

const CELLS = Object.keys(FAULTS).flatMap((fault) =>
  Object.entries(fault.startsWith('presenting') ? WRITES : { ...WRITES, 'POST /tasks/batch': BATCH }).map(
    ([write, send]) => ({ fault, write, send }),
  ),
);

describe.each(DRIVERS)('a service that fails after a statement over %s', (driver) => {
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    await database.empty();
    await appUnderTest({ connectionString: database[driver], driver }).add('p', 'TASK-1', 'TASK-2');
    await database.query(
      `update tasks
       set status = 'in_progress', attempt = 1, claimed_by = 'a', claim_token = 7, last_claim_token = '${TOKEN.claim_token}', claim_slot = 1,
         lease_seconds = 900, lease_expires_at = now() + interval '15 minutes'
       where task_id = 'TASK-2'`,
    );
  });

  const appThat = (fault: string) => {
    const decorate = FAULTS[fault];
    if (decorate === undefined) throw new Error(`No such fault: ${fault}`);
    return appUnderTest({ driver, connectionString: database[driver], decorate });
  };
  const table = () => database.query('select * from tasks order by seq');

  it.each(CELLS)('$write answers outcome_unknown where $fault', async ({ fault, send }) => {
    const before = await table();
    const app = appThat(fault);
    const key = { 'idempotency-key': 'key' };
    const { status, body } = await send(app, key);
    expect(status).toBe(500);
    expect(body).toEqual({
      success: false,
      code: 'outcome_unknown',
      error:
        'The service failed after the change had been sent to the database: the change may have been made. Send the same request again with its Idempotency-Key, or read the task before you try again',
      request_id: body.request_id,
    });
    expect(app.log.at(-1)).toMatchObject({ level: 'ERROR', error: { stack: expect.any(String) } });
    const after = await table();
    expect(after).not.toEqual(before);
    if (fault === 'reading the row fails') {
      const sound = appUnderTest({ driver, connectionString: database[driver] });
      const again = await send(sound, key);
      const isDeletion = again.headers.get('idempotency-replayed') === null;
      expect(again.status).toBe(isDeletion ? 404 : 200);
      expect(await table()).toEqual(after);
    }
  });

  it.each(Object.keys(FAULTS).filter((fault) => !fault.startsWith('presenting')))(
    'a read fails as internal_error where %s',
    async (fault) => {
      for (const path of [
        '/tasks/TASK-1?project=p',
        '/tasks/next?project=p',
        '/tasks?project=p',
        '/metrics',
      ]) {
        const { status, body } = await appThat(fault).get(path);
        expect([status, body.code]).toEqual([500, 'internal_error']);
      }
    },
  );

  it('a read fails as internal_error where its answer cannot be presented', async () => {
    for (const path of ['/tasks/TASK-1?project=p', '/tasks/next?project=p', '/tasks?project=p']) {
      const { status, body } = await appThat('presenting the answer fails').get(path);
      expect([status, body.code]).toEqual([500, 'internal_error']);
    }
  });
});
