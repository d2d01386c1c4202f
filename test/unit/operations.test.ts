import { describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { AttemptError } from '../../src/db/failures.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { CLAIM_SLOTS, TASKS_PKEY } from '../../src/db/schema/index.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { tasksExist } from '../../src/domain/errors.ts';
import { ADD_TASKS, addTasks } from '../../src/operations/add-tasks.ts';
import { CHECK_DATABASE } from '../../src/operations/check-database.ts';
import { CLAIM_TASK, CLAIM_TASK_FOR_GENERATOR, claimTask } from '../../src/operations/claim-task.ts';
import { DELETE_TASK } from '../../src/operations/delete-task.ts';
import { GET_TASK } from '../../src/operations/get-task.ts';
import { HEARTBEAT_CLAIM } from '../../src/operations/heartbeat-claim.ts';
import { LIST_TASKS, LIST_TASKS_OF_STATUS } from '../../src/operations/list-tasks.ts';
import { MOVE_TASK } from '../../src/operations/move-task.ts';
import { NEXT_DUE_TASK, NEXT_TASK_OF_STATUS } from '../../src/operations/next-task.ts';
import { READ_METRICS } from '../../src/operations/read-metrics.ts';
import { RELEASE_CLAIM } from '../../src/operations/release-claim.ts';

const CALLER = unrestricted('test');

const STATEMENTS = [
  ADD_TASKS,
  CHECK_DATABASE,
  DELETE_TASK,
  GET_TASK,
  LIST_TASKS,
  LIST_TASKS_OF_STATUS,
  ...[MOVE_TASK, HEARTBEAT_CLAIM, RELEASE_CLAIM].flatMap(({ inProject, inAnyProject }) => [
    inProject,
    inAnyProject,
  ]),
  CLAIM_TASK,
  CLAIM_TASK_FOR_GENERATOR,
  NEXT_DUE_TASK,
  NEXT_TASK_OF_STATUS,
  READ_METRICS,
];

describe('the statements', () => {
  it('each statement has a name of its own', () => {
    expect(new Set(STATEMENTS.map(({ name }) => name)).size).toBe(STATEMENTS.length);
    for (const { name } of STATEMENTS) expect(name).toMatch(/^[a-z_]{1,63}$/);
  });

  it.each(STATEMENTS)('$name counts as a write exactly when it writes', ({ access, query }) => {
    expect(access).toBe(/\b(insert into|update|delete from) "/.test(query.sql) ? 'write' : 'read');
  });
});

describe('adding a batch that loses races', () => {
  const lost = () => new AttemptError('unique_violation', new Error('driver'), TASKS_PKEY);

  /** A database that fails in these ways, one look after another, and then adds the batch. */
  function databaseThatFails(...failures: unknown[]) {
    const looks: unknown[] = [];
    const database: Database = {
      run: (_, values) => {
        looks.push(values);
        return looks.length <= failures.length
          ? Promise.reject(failures[looks.length - 1])
          : Promise.resolve([]);
      },
      elapsed: () => 0,
      mayHaveChanged: () => false,
      close: () => Promise.resolve(),
    };
    return { database, looks };
  }

  it.each([0, 1, 2])('a batch looks again after %i lost races', async (races) => {
    const { database, looks } = databaseThatFails(...Array.from({ length: races }, lost));
    await expect(addTasks(database, [], CALLER)).resolves.toBeUndefined();
    expect(looks).toEqual(Array(races + 1).fill({ batch: '[]', covered: null }));
  });

  it('a batch gives up after three looks', async () => {
    const last = lost();
    const { database, looks } = databaseThatFails(lost(), lost(), last, lost());
    await expect(addTasks(database, [], CALLER)).rejects.toBe(last);
    expect(looks).toHaveLength(3);
  });

  it.each([
    new AttemptError('rejected', new Error('driver')),
    new AttemptError('unique_violation', new Error('driver'), CLAIM_SLOTS),
    Object.assign(new Error('no attempt'), { meaning: 'unique_violation' }),
    tasksExist([{ project_id: 'p', task_id: 'TASK-1' }]),
  ])('a batch does not look again after %s', async (error) => {
    const { database, looks } = databaseThatFails(error);
    await expect(addTasks(database, [], CALLER)).rejects.toBe(error);
    expect(looks).toHaveLength(1);
  });
});

describe('a claim that others are in the way of', () => {
  const INPUT = { projectId: 'p', agentId: 'a', leaseSeconds: 60, capacity: 1, generatorName: null };
  const NONE = { reason: 'none_due', task: null, claim: null, retryAfterSeconds: 1 };
  const lost = () => new AttemptError('unique_violation', new Error('driver'), CLAIM_SLOTS);

  /** A database that gives these outcomes, one look after another; a list is rows, anything else a failure. */
  function databaseThatGives(...outcomes: unknown[]) {
    const lastLooks: unknown[] = [];
    const database: Database = {
      run: <R>(_: unknown, values: Readonly<Record<string, unknown>>) => {
        lastLooks.push(values['isLastLook']);
        const outcome = outcomes.shift();
        // The rows are those that the test gives.
        return Array.isArray(outcome) ? Promise.resolve(outcome as R[]) : Promise.reject(outcome);
      },
      elapsed: () => 0,
      mayHaveChanged: () => false,
      close: () => Promise.resolve(),
    };
    return { database, lastLooks };
  }

  it('a claim that skipped a task looks again, and has an outcome at the fourth look', async () => {
    const { database, lastLooks } = databaseThatGives([], [], [], [NONE]);
    expect(await claimTask(database, INPUT, CALLER)).toEqual(NONE);
    expect(lastLooks).toEqual([false, false, false, true]);
  });

  it('a claim looks again, without counting, while other claims of the agent come first', async () => {
    const { database, lastLooks } = databaseThatGives(...Array.from({ length: 99 }, lost), [], [NONE]);
    expect(await claimTask(database, INPUT, CALLER)).toEqual(NONE);
    expect(lastLooks).toEqual(Array(101).fill(false));
  });

  it('a claim gives up at once over anything else', async () => {
    const defect = new AttemptError('rejected', new Error('driver'));
    await expect(claimTask(databaseThatGives(defect).database, INPUT, CALLER)).rejects.toBe(defect);
  });
});

describe('a database', () => {
  it('a database closes its driver when it is closed', async () => {
    let closed = 0;
    const driver = {
      execute: () => Promise.resolve([]),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
    const ports = {
      sleep: () => Promise.resolve(),
      random: () => 0,
      now: () => 0,
      identity: () => ({ caller: '', key: 'k', fingerprint: '', keptSeconds: 1 }),
      onReplay: () => undefined,
    };
    await createDatabase(driver, RETRY_POLICY, ports).close();
    expect(closed).toBe(1);
  });
});
