import { beforeAll, describe, expect, it } from 'vitest';
import list from '../data/sdlc-epic-006.json' with { type: 'json' };
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';

/** The real list as if nothing of it were done yet, in an order that helps nobody. */
const TASKS = list.tasks
  .map(({ task_id, description, inputs = [], expected_outputs = [] }) => ({
    task_id,
    project_id: 'sdlc',
    description,
    inputs,
    expected_outputs,
  }))
  .reverse();

/** A hundred requests, each over a connection of its own. */
const TIMEOUT = { timeout: 120_000 };

describe.each(DRIVERS)('a real list whose inputs count over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });

  it('agents get it in an order in which every input is made before it is needed', TIMEOUT, async () => {
    await app.put('/projects/sdlc', { readiness: 'inputs' });
    expect((await app.post('/tasks/batch', { tasks: TASKS })).status).toBe(200);
    await app.put('/artifacts/INIT-001?project=sdlc', {});
    const made = new Set(['INIT-001']);
    const given: string[] = [];
    for (;;) {
      const { body } = await app.claim('sdlc', 'a');
      const { task } = body;
      if (task === null) break;
      for (const input of task.inputs) expect(made, `${task.task_id} needs ${input}`).toContain(input);
      await app.move('sdlc', task.task_id, { status: 'completed', claim_token: body.claim.token });
      for (const output of task.expected_outputs) made.add(output);
      given.push(task.task_id);
    }
    expect(given.toSorted()).toEqual(TASKS.map(({ task_id }) => task_id).toSorted());
    await expectGraphToAddUp(database);
  });
});
