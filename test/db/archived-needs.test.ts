import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { moveClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { runUpkeepOn } from '../support/upkeep.ts';

const DAY = 24 * 60 * 60;
describe.each(DRIVERS)('needs for archived tasks over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(async () => {
    await database.empty();
    await moveClock(database, 0);
  });
  afterEach(() => expectGraphToAddUp(database));

  /** Adds tasks that have ended so, and lets the upkeep archive them. */
  async function archive(...ended: readonly { task_id: string; status: string }[]) {
    await app.add('p', ...ended);
    await moveClock(database, 8 * DAY);
    const report = await runUpkeepOn(driver, database, { taskDays: 7 });
    expect(report.tasks_archived).toBe(ended.length);
  }
  const task = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;

  it('a need for a task that was archived as completed is met', async () => {
    await archive({ task_id: 'A-1', status: 'completed' });
    await app.add('p', { task_id: 'B-1', needs: ['A-1'] }, 'C-1');
    expect(await task('B-1')).toMatchObject({ unmet_needs: 0, stuck_needs: 0 });
    expect((await app.claim('p', 'a')).body.task?.task_id).toBe('B-1');
    const { status, body } = await app.put('/tasks/C-1/needs/A-1?project=p', {});
    expect([status, body.updated_task?.unmet_needs]).toEqual([200, 0]);
  });

  it('a need for a task that was archived otherwise does what its terms say', async () => {
    await archive({ task_id: 'A-1', status: 'failed' });
    await app.add(
      'p',
      { task_id: 'B-1', needs: ['A-1'] },
      { task_id: 'B-2', needs: [{ task_id: 'A-1', when: 'failed' }] },
      { task_id: 'B-3', needs: [{ task_id: 'A-1', on_failure: 'cancel' }] },
    );
    expect(await task('B-1')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    expect(await task('B-2')).toMatchObject({ unmet_needs: 0 });
    expect(await task('B-3')).toMatchObject({ status: 'cancelled' });
    const { body } = await app.get('/tasks/B-1/explain?project=p');
    expect(JSON.stringify(body)).toContain('It waits for A-1, which is deleted or archived');
  });

  it('a need for a task that there never was is refused beside one that was archived', async () => {
    await archive({ task_id: 'A-1', status: 'completed' });
    const tasks = [{ task_id: 'B-1', project_id: 'p', description: 'd', needs: ['A-1', 'A-2'] }];
    expect((await app.post('/tasks/batch', { tasks })).body).toMatchObject({
      code: 'need_not_found',
      details: { task_ids: ['A-2'] },
    });
  });

  it('a task that comes again under an archived id is the one that is needed', async () => {
    await archive({ task_id: 'A-1', status: 'completed' });
    await app.add('p', 'A-1', { task_id: 'B-1', needs: ['A-1'] });
    expect(await task('B-1')).toMatchObject({ unmet_needs: 1 });
    await app.delete('/tasks/A-1?project=p');
    expect(await task('B-1')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
  });
});
