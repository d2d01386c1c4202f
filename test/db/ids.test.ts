import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const US = { type: 'US', project_id: 'p' };
const STANDARD = 'VIS, INIT, EPIC, PRD, HLS, US, SPIKE, ADR, SPEC, TASK, FS';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SCOPES = ['read', 'write', 'admin'] as const;

const { keys, access } = keysFor({
  own: { projects: ['p'], scopes: SCOPES },
  foreign: { projects: ['q'], scopes: SCOPES },
});

describe.each(DRIVERS)('the registry of ids over %s', (driver) => {
  let app: AppUnderTest;
  let own: Api;
  let foreign: Api;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
    const guarded = appUnderTest({ driver, connectionString: database[driver], access });
    own = withCredential(guarded, keys.own);
    foreign = withCredential(guarded, keys.foreign);
  });
  beforeEach(() => database.empty());

  const reserve = (count: unknown, more: object = {}) => app.post('/ids/reserve', { ...US, count, ...more });
  const expire = () => database.query(`update id_reservations set expires_at = now() - interval '1 second'`);

  it('each id is given out once, to whoever asks by GET or POST', async () => {
    const first = await app.get('/ids/next?type=US&project=p');
    expect(first.body).toEqual({ success: true, artifact_type: 'US', next_id: 'US-001' });
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect((await app.post('/ids/next', { type: 'US', project: 'p' })).body.next_id).toBe('US-002');
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-003');
    expect((await app.get('/ids/next?type=US&project=q')).body.next_id).toBe('US-001');
    expect((await app.get('/ids/next?type=ADR&project=p')).body.next_id).toBe('ADR-001');
  });

  it('the POST is safe to repeat with its key', async () => {
    const ask = () => app.post('/ids/next', { type: 'US', project: 'p' }, { 'idempotency-key': 'key' });
    const first = await ask();
    expect((await ask()).body).toEqual(first.body);
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-002');
  });

  it('a GET whose answer the database lost gives out one id, and skips none', async () => {
    await database.inject('answer_lost', { times: 1 });
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-001');
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-002');
  });

  it('HEAD gives out nothing', async () => {
    expect((await app.send('/ids/next?type=US&project=p', { method: 'HEAD' })).status).toBe(405);
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-001');
  });

  it('a reservation has ids in a row and a time to confirm it', async () => {
    const began = Date.now();
    const { body } = await reserve(3);
    expect(body).toEqual({
      success: true,
      reservation_id: expect.stringMatching(UUID),
      artifact_type: 'US',
      reserved_ids: ['US-001', 'US-002', 'US-003'],
      expires_at: expect.stringMatching(/Z$/),
    });
    expect((Date.parse(body.expires_at) - began) / 60_000).toBeCloseTo(15, 0);
    const { reservation_id } = body;
    for (const _ of ['first', 'again']) {
      const confirmed = await app.post('/ids/confirm', { reservation_id });
      expect(confirmed.body).toEqual({ success: true, reservation_id, confirmed: true });
    }
  });

  it('what expired cannot be confirmed, and its ids never come again', async () => {
    const { reservation_id } = (await reserve(3)).body;
    await expire();
    const { status, body } = await app.post('/ids/confirm', { reservation_id });
    expect([status, body.code, body.error]).toEqual([
      404,
      'reservation_not_found',
      'Reservation expired or not found',
    ]);
    expect((await app.post('/ids/confirm', { reservation_id: 'none' })).status).toBe(404);
    expect((await app.delete('/ids/reservations/expired')).body.deleted_count).toBe(1);
    expect((await reserve(1)).body.reserved_ids).toEqual(['US-004']);
  });

  it('only reservations that nobody confirmed in time are deleted', async () => {
    const { reservation_id } = (await reserve(1)).body;
    await app.post('/ids/confirm', { reservation_id });
    await reserve(1);
    await reserve(1);
    expect((await app.delete('/ids/reservations/expired')).body).toEqual({
      success: true,
      deleted_count: 0,
      has_more: false,
    });
    await expire();
    await reserve(1);
    expect((await app.delete('/ids/reservations/expired')).body.deleted_count).toBe(2);
    expect((await app.post('/ids/confirm', { reservation_id })).status).toBe(200);
  });

  it('a reservation is forgotten a day after its end', async () => {
    const { reservation_id } = (await reserve(1)).body;
    await app.post('/ids/confirm', { reservation_id });
    await database.query(`update id_reservations set expires_at = now() - interval '25 hours'`);
    await reserve(1);
    expect((await app.post('/ids/confirm', { reservation_id })).status).toBe(404);
  });

  it.each([0, 101, 1.5, -1])('a count of %s is refused', async (count) => {
    const { status, body } = await reserve(count);
    expect([status, body.error]).toEqual([400, 'Invalid count: must be between 1 and 100']);
  });

  it('a type that the project does not have is refused by GET, POST and reservation', async () => {
    for (const answer of [
      await app.get('/ids/next?type=XYZ&project=p'),
      await app.post('/ids/next', { type: 'XYZ', project: 'p' }),
      await reserve(1, { type: 'XYZ' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_artifact_type']);
      expect(answer.body.error).toBe(`Invalid artifact_type: XYZ. Valid types: ${STANDARD}`);
    }
  });

  it('a project has the types that it adds besides the standard ones', async () => {
    const { status } = await app.put('/projects/p', { artifact_types: ['RFC', 'NOTE'] });
    expect(status).toBe(200);
    expect((await app.get('/ids/next?type=RFC&project=p')).body.next_id).toBe('RFC-001');
    const { error } = (await app.get('/ids/next?type=XYZ&project=p')).body;
    expect(error).toBe(`Invalid artifact_type: XYZ. Valid types: ${STANDARD}, RFC, NOTE`);
    expect((await app.get('/ids/next?type=RFC&project=q')).status).toBe(400);
  });

  it('what exists already counts, before and after a number was given out', async () => {
    await app.add('p', {
      task_id: 'TASK-1',
      expected_outputs: ['US-041', 'US-0042', 'US-99.md', 'see US-77'],
    });
    expect((await reserve(2)).body.reserved_ids).toEqual(['US-043', 'US-044']);
    await app.put('/artifacts/US-050?project=p', {});
    await app.put('/artifacts/US-002?project=p', {});
    expect((await app.get('/ids/next?type=US&project=p')).body.next_id).toBe('US-051');
    expect((await app.get('/ids/next?type=TASK&project=p')).body.next_id).toBe('TASK-002');
  });

  it('batches that name ids leave a row or two for each prefix, however many there are', async () => {
    for (const number of Array(20).keys())
      await app.add('p', { task_id: `TASK-${number}`, expected_outputs: [`US-${number}`] });
    const [floors] = await database.query<{ rows: string }>('select count(*) as rows from id_floors');
    expect(Number(floors?.rows)).toBeLessThanOrEqual(4);
    expect((await reserve(1)).body.reserved_ids).toEqual(['US-020']);
  });

  it('a credential gets, confirms and deletes nothing of a project that it has no access to', async () => {
    const { reservation_id } = (await own.post('/ids/reserve', { ...US, count: 1 })).body;
    expect((await foreign.get('/ids/next?type=US&project=p')).status).toBe(403);
    expect((await foreign.post('/ids/reserve', { ...US, count: 1 })).status).toBe(403);
    expect((await foreign.post('/ids/confirm', { reservation_id })).status).toBe(404);
    await expire();
    expect((await foreign.delete('/ids/reservations/expired')).body.deleted_count).toBe(0);
    expect((await own.delete('/ids/reservations/expired')).body.deleted_count).toBe(1);
  });

  it('fifty reservations of six at once get 300 different ids in a row', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(6)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const ids = answers.flatMap(({ body }) => body.reserved_ids);
    const all = Array.from({ length: 300 }, (_, index) => `US-${String(index + 1).padStart(3, '0')}`);
    expect(ids.toSorted()).toEqual(all);
  });
});

describe('the rate limit of reservations', () => {
  it('reservations are counted by project, whoever asks, and refused past the limit', async () => {
    const counted: string[] = [];
    const reservation = (key: string) => Promise.resolve(counted.push(key) <= 1);
    const database = await openTestDatabase();
    const limited = appUnderTest({ connectionString: database.hyperdrive, rateLimiters: { reservation } });
    expect((await limited.post('/ids/reserve', { ...US, count: 1 })).status).toBe(200);
    const { status, body, headers } = await limited.post('/ids/reserve', { ...US, count: 1 });
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'rate_limited', '60']);
    expect((await limited.get('/ids/next?type=US&project=p')).status).toBe(200);
    expect(counted).toEqual(['p', 'p']);
  });
});
