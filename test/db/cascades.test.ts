import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GO_ON_CANCELLING } from '../../src/operations/upkeep/go-on-cancelling.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { openFor, runUpkeepOn } from '../support/upkeep.ts';

describe('a cascade that ends at its bound', () => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver: 'neon', connectionString: database.neon });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const upkeep = (perStep?: number) => runUpkeepOn('neon', database, {}, perStep);
  const left = async () =>
    (
      await database.query<{ task_id: string }>(
        `select task_id from tasks where status = 'pending' order by seq`,
      )
    ).map(({ task_id }) => task_id);

  /** Adds tasks that each need the one of that index before, and a failure whose cascade may cancel `most` tasks. */
  async function cutCascade(project: string, parents: readonly string[], most: number) {
    const tasks = parents.map((parent, index) => ({
      task_id: `B-${index + 1}`,
      needs: [{ task_id: parent, on_failure: 'cancel' }],
    }));
    await app.add(project, { task_id: 'A-1', status: 'in_progress' }, ...tasks, {
      task_id: 'C-1',
      needs: ['A-1'],
    });
    await database.query(`
      alter table tasks disable trigger tasks_settle_dependents;
      update tasks set status = 'failed', version = version + 1 where project_id = '${project}' and task_id = 'A-1';
      alter table tasks enable trigger tasks_settle_dependents;
      select settle_needs(
        '${project}',
        (select array_agg(task_id) from task_needs where project_id = '${project}' and parent = 'A-1'),
        p_most => ${most}
      )`);
  }

  const level = Array.from({ length: 9 }, () => 'A-1');
  const chain = Array.from({ length: 9 }, (_, index) => (index === 0 ? 'A-1' : `B-${index}`));

  it.each([
    { shape: 'one level', parents: level },
    { shape: 'a chain', parents: chain },
  ])('the upkeep goes on with it in $shape, in steps of a bounded size', async ({ parents }) => {
    await cutCascade('p', parents, 3);
    expect(await left()).toHaveLength(7);
    const step = openFor('neon', database)();
    expect(await step.run(GO_ON_CANCELLING, { most: 2 })).toEqual([2]);
    await step.close();
    expect(await left()).toHaveLength(5);
    expect(await upkeep(2)).toMatchObject({ tasks_cancelled: 4, is_cut: false });
    // It asks to be left as it is.
    expect(await left()).toEqual(['C-1']);
    expect(await upkeep()).toMatchObject({ tasks_cancelled: 0 });
  });

  it('the upkeep goes on with the cascades of every project, and tells each task why', async () => {
    await cutCascade('p', level, 3);
    await cutCascade('q', chain, 1);
    expect(await upkeep()).toMatchObject({ tasks_cancelled: 14 });
    expect(await left()).toEqual(['C-1', 'C-1']);
    expect((await app.get('/tasks/B-9?project=p')).body.task).toMatchObject({
      last_error: 'Cancelled because it needs A-1, which was failed',
    });
  });

  it('a task that was taken out of it meanwhile stays', async () => {
    await cutCascade('p', level, 3);
    const [first = ''] = await left();
    await app.delete(`/tasks/${first}/needs/A-1?project=p`);
    expect(await upkeep()).toMatchObject({ tasks_cancelled: 5 });
    expect(await left()).toEqual([first, 'C-1']);
    expect((await app.claim('p', 'a')).body.task?.task_id).toBe(first);
  });
});
