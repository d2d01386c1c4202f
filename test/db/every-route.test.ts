import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isWrite } from '../../src/operations/define-operation.ts';
import type { Api } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { PROJECT, STATES } from '../support/example-task.ts';
import { losingAnswers } from '../support/losing-answers.ts';
import { EVERY_REQUEST, initOf } from '../support/requests.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const { keys, access } = keysFor({
  own: { projects: [PROJECT], scopes: SCOPES },
  foreign: { projects: ['another'], scopes: SCOPES },
});

/** They concern whatever the credential has access to. */
const OF_NO_PROJECT = ['read_metrics', 'list_projects', 'delete_expired_reservations'];

const WRITES = EVERY_REQUEST.filter(({ operation }) => isWrite(operation));
const WITH_KEY = WRITES.filter(({ body }) => body !== undefined);

const tasksOf = (bed: DatabaseUnderTest) => bed.query('select * from tasks order by task_id');

describe.each(DRIVERS)('every route of the table over %s', (driver) => {
  let bed: DatabaseUnderTest;
  let own: Api;

  beforeAll(async () => {
    bed = await openTestDatabase();
    own = withCredential(appUnderTest({ driver, connectionString: bed[driver], access }), keys.own);
  });
  beforeEach(() => bed.empty());

  /** The state in which an example has succeeded. */
  const fitting = new Map<(typeof EVERY_REQUEST)[number], string>();

  /** Sends an example in each state until it succeeds. */
  async function succeed(api: Api, request: (typeof EVERY_REQUEST)[number], headers: object = {}) {
    const found = fitting.get(request);
    for (const state of found === undefined ? STATES : [found]) {
      await bed.query(state);
      const init = initOf(request);
      const response = await api.send(request.path, { ...init, headers: { ...init.headers, ...headers } });
      if (response.status !== 200) continue;
      fitting.set(request, state);
      return response;
    }
    throw new Error(`${request.route} succeeds in no state`);
  }

  it.each(EVERY_REQUEST)('$route does for its caller what the example shows', async (request) => {
    expect((await succeed(own, request)).status).toBe(200);
  });

  it.each(WITH_KEY)('$route is done once and answered alike for one Idempotency-Key', async (request) => {
    const headers = { 'idempotency-key': 'key' };
    const first = await (await succeed(own, request, headers)).text();
    const after = await tasksOf(bed);
    const init = initOf(request);
    const again = await own.send(request.path, { ...init, headers: { ...init.headers, ...headers } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.text()).toBe(first);
    expect(await tasksOf(bed)).toEqual(after);
  });

  it.each(WRITES)(
    '$route says that it may have committed where its answer cannot be made',
    async (request) => {
      const app = appUnderTest({ driver, connectionString: bed[driver], decorate: losingAnswers });
      await bed.query(STATES[0]);
      const { status, body } = await app.get(request.path, initOf(request));
      expect([status, body.code]).toEqual([500, 'outcome_unknown']);
    },
  );
});

describe.each(DRIVERS)('every route of the table for a foreign caller over %s', (driver) => {
  let bed: DatabaseUnderTest;
  let foreign: Api;

  beforeAll(async () => {
    bed = await openTestDatabase();
    foreign = withCredential(appUnderTest({ driver, connectionString: bed[driver], access }), keys.foreign);
  });

  describe.each(STATES.map((state, index) => ({ state, index })))('in state $index', ({ state, index }) => {
    let before: unknown;

    beforeAll(async () => {
      await bed.query(state);
      before = await tasksOf(bed);
    });

    it.each(EVERY_REQUEST)(
      `$route shows and changes nothing of a foreign project in state ${index}`,
      async (request) => {
        const response = await foreign.send(request.path, initOf(request));
        expect(await response.text()).not.toContain('Do it');
        expect(OF_NO_PROJECT.includes(request.operation.name) ? [200] : [403, 404]).toContain(
          response.status,
        );
        expect(await tasksOf(bed)).toEqual(before);
      },
    );
  });
});
