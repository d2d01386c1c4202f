import { beforeAll, describe, expect, inject, it } from 'vitest';
import { newTask } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

const AGENTS = 50;
const ROUNDS = inject('form').rounds;

/** Over Hyperdrive's driver each request makes PostgreSQL fork, for which machines take from 5 to 50 ms. */
const TIMEOUT = { timeout: 600_000 };

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

describe.each(DRIVERS)('races over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });

  it('exactly one of 50 agents starts a task, in each of many rounds', TIMEOUT, async () => {
    const ids = times(ROUNDS.moves, (round) => `TASK-${round + 1}`);
    await app.add('race', ...ids);
    for (const [round, id] of ids.entries()) {
      // Every other round names no project, which takes another statement.
      const path = `/tasks/${id}/status${round % 2 === 0 ? '?project=race' : ''}`;
      const answers = await Promise.all(times(AGENTS, () => app.put(path, { status: 'in_progress' })));
      const refused = answers.filter((answer) => answer.status === 400);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      expect(refused).toHaveLength(AGENTS - 1);
      // The losers are told what the winner left behind, not what they saw before.
      expect(new Set(refused.map((answer) => answer.body.error))).toEqual(
        new Set(['Invalid status transition: in_progress → in_progress']),
      );
    }
  });

  it('exactly one of 20 batches that share an id is added, and that one whole', TIMEOUT, async () => {
    const batches = times(20, (batch) => [
      ...times(5, (index) => `BATCH-${batch * 10 + index}`),
      'SHARED-1',
      ...times(4, (index) => `BATCH-${batch * 10 + 5 + index}`),
    ]);
    const answers = await Promise.all(
      batches.map((ids) => app.post('/tasks/batch', { tasks: ids.map((id) => newTask('batches', id)) })),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const lost = answers.filter((answer) => answer.status === 409);
    expect(lost).toHaveLength(19);
    for (const { body } of lost) expect(body.details['task_ids']).toEqual(['SHARED-1']);
    const winner = batches[answers.findIndex((answer) => answer.status === 200)];
    const rows = await database.query<{ task_id: string }>(
      `select task_id from tasks where project_id = 'batches' order by seq`,
    );
    expect(rows.map((row) => row.task_id)).toEqual(winner);
  });

  it(
    'exactly one of 6 batches with the same ids in opposite order is added, in each of many rounds',
    TIMEOUT,
    async () => {
      for (let round = 0; round < ROUNDS.batches; round += 1) {
        const ids = times(500, (index) => `CROSS-${round * 1_000 + index}`);
        const orders = times(6, (index) => (index % 2 === 0 ? ids : ids.toReversed()));
        const answers = await Promise.all(
          orders.map((order) => app.post('/tasks/batch', { tasks: order.map((id) => newTask('cross', id)) })),
        );
        expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
        const lost = answers.filter((answer) => answer.status === 409);
        for (const { body } of lost) expect(body.details['task_ids']).toHaveLength(500);
      }
      // Not one of them lost a race and had to be sent again.
      expect(app.pauses).toEqual([]);
    },
  );
});
