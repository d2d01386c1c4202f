import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('the last heartbeat of a task over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => moveClock(database, 0));

  it('is when its holder claimed or last renewed, whatever else changes it, and null without a holder', async () => {
    await app.add('p', 'TASK-1');
    const heard = async () => {
      const { task } = (await app.get('/tasks/TASK-1?project=p')).body;
      return task?.last_heartbeat_at ?? null;
    };
    expect(await heard()).toBeNull();
    const { task, claim } = (await app.claim('p', 'a')).body;
    const claimed = await heard();
    expect([claimed, task?.last_heartbeat_at]).toEqual([task?.updated_at, claimed]);
    await moveClock(database, 60);
    await app.patch('/tasks/TASK-1?project=p', { priority: 0 });
    await app.post('/tasks/TASK-1/notes?project=p', { text: 'x' });
    expect(await heard()).toBe(claimed);
    await app.post('/tasks/TASK-1/heartbeat?project=p', { claim_token: claim.token, lease_seconds: 3_600 });
    const renewed = Date.parse((await heard()) ?? '');
    expect(renewed - Date.parse(claimed ?? '')).toBeGreaterThanOrEqual(60_000);
    await moveClock(database, 120);
    await app.claim('p', 'a');
    expect(Date.parse((await heard()) ?? '') - renewed).toBeGreaterThanOrEqual(60_000);
    await app.post('/tasks/TASK-1/release?project=p', { claim_token: claim.token });
    expect(await heard()).toBeNull();
  });
});
