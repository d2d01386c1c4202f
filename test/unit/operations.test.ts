import { describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { AttemptError } from '../../src/db/failures.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { tasksExist } from '../../src/domain/errors.ts';
import { ADD_TASKS, addTasks } from '../../src/operations/add-tasks.ts';
import { CHECK_DATABASE } from '../../src/operations/check-database.ts';
import { DELETE_TASK } from '../../src/operations/delete-task.ts';
import { GET_TASK } from '../../src/operations/get-task.ts';
import { LIST_TASKS, LIST_TASKS_OF_STATUS } from '../../src/operations/list-tasks.ts';
import { MOVE_TASK, MOVE_TASK_OF_ANY_PROJECT } from '../../src/operations/move-task.ts';
import { NEXT_TASK } from '../../src/operations/next-task.ts';
import { READ_METRICS } from '../../src/operations/read-metrics.ts';

const CALLER = unrestricted('test');

const STATEMENTS = [
  ADD_TASKS,
  CHECK_DATABASE,
  DELETE_TASK,
  GET_TASK,
  LIST_TASKS,
  LIST_TASKS_OF_STATUS,
  MOVE_TASK,
  MOVE_TASK_OF_ANY_PROJECT,
  NEXT_TASK,
  READ_METRICS,
];

describe('the statements', () => {
  it('have names of their own, under which the server keeps them', () => {
    expect(new Set(STATEMENTS.map(({ name }) => name)).size).toBe(STATEMENTS.length);
    for (const { name } of STATEMENTS) expect(name).toMatch(/^[a-z_]{1,63}$/);
  });

  it.each(STATEMENTS)('$name is taken for a write exactly when it writes', ({ access, query }) => {
    expect(access).toBe(/\b(insert into|update|delete from) "/.test(query.sql) ? 'write' : 'read');
  });
});

describe('adding a batch that loses races', () => {
  const lost = () => new AttemptError('unique_violation', new Error('driver'));

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
      close: () => Promise.resolve(),
    };
    return { database, looks };
  }

  it.each([0, 1, 2])('looks again after %i of them', async (races) => {
    const { database, looks } = databaseThatFails(...Array.from({ length: races }, lost));
    await expect(addTasks(database, [], CALLER)).resolves.toBeUndefined();
    expect(looks).toEqual(Array(races + 1).fill({ batch: '[]', covered: null }));
  });

  it('gives up after three looks', async () => {
    const last = lost();
    const { database, looks } = databaseThatFails(lost(), lost(), last, lost());
    await expect(addTasks(database, [], CALLER)).rejects.toBe(last);
    expect(looks).toHaveLength(3);
  });

  it.each([
    new AttemptError('rejected', new Error('driver')),
    Object.assign(new Error('no attempt'), { meaning: 'unique_violation' }),
    tasksExist([{ project_id: 'p', task_id: 'TASK-1' }]),
  ])('does not look again after %s', async (error) => {
    const { database, looks } = databaseThatFails(error);
    await expect(addTasks(database, [], CALLER)).rejects.toBe(error);
    expect(looks).toHaveLength(1);
  });
});

describe('a database', () => {
  it('lets go of its driver when it is closed', async () => {
    let closed = 0;
    const driver = {
      execute: () => Promise.resolve([]),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
    const ports = { sleep: () => Promise.resolve(), random: () => 0, now: () => 0 };
    await createDatabase(driver, RETRY_POLICY, ports).close();
    expect(closed).toBe(1);
  });
});
