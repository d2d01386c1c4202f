import { describe, expect, it } from 'vitest';
import { createDatabase, type Driver } from '../../src/db/database.ts';
import { AttemptError } from '../../src/db/failures.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { useOf } from '../support/operations.ts';
import { WITHOUT_KEY } from '../support/request-ports.ts';

const { statement: GET_TASK, values: TASK } = useOf('get_task');

const UNREACHABLE = new AttemptError('unreachable', new Error('refused'));

const databaseThatFails = (times: number) => databaseThatMeets(Array(times).fill(UNREACHABLE));

/** A database on a clock of its own; each attempt takes 30 ms, and the first ones fail so. */
function databaseThatMeets(failures: readonly AttemptError[]) {
  let time = 0;
  let attempts = 0;
  const driver: Driver = {
    execute: () => {
      time += 30;
      const failure = failures[attempts];
      attempts += 1;
      return failure === undefined ? Promise.resolve([]) : Promise.reject(failure);
    },
    close: () => Promise.resolve(),
  };
  const sleep = (milliseconds: number) => {
    time += milliseconds;
    return Promise.resolve();
  };
  return createDatabase(driver, RETRY_POLICY, { sleep, random: () => 0, now: () => time, ...WITHOUT_KEY });
}

describe('the time spent at the database', () => {
  it('the time at the database is zero before the first statement', () => {
    expect(databaseThatFails(0).elapsed()).toBe(0);
  });

  it('the time at the database is that of all attempts, without the pauses', async () => {
    const database = databaseThatFails(2);
    await database.run(GET_TASK, TASK);
    expect(database.elapsed()).toBe(90);
    await database.run(GET_TASK, TASK);
    expect(database.elapsed()).toBe(120);
  });

  it('the time at the database includes the attempts of a failed statement', async () => {
    const database = databaseThatFails(4);
    await expect(database.run(GET_TASK, TASK)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(database.elapsed()).toBe(120);
  });
});

describe('a request that waits between its statements', () => {
  it('a request has one name, so that the record of a write whose answer was lost refuses a later one', async () => {
    const keys: unknown[] = [];
    const driver: Driver = {
      execute: (_, { record_key }) => {
        keys.push(record_key);
        return Promise.resolve([]);
      },
      close: () => Promise.resolve(),
    };
    let made = 0;
    const newId = () => {
      made += 1;
      return `name ${made}`;
    };
    const ports = { sleep: () => Promise.resolve(), random: () => 0, now: () => 0, ...WITHOUT_KEY, newId };
    const database = createDatabase(driver, RETRY_POLICY, ports);
    const write = { ...GET_TASK, access: 'write' as const };
    await database.run(write, TASK);
    await database.rest();
    await database.run(write, TASK);
    expect(keys).toEqual(['name 1', 'name 1']);
  });
});

describe('a request of several statements', () => {
  const write = { ...GET_TASK, access: 'write' as const };
  const refused = new AttemptError('unique_violation', new Error('duplicate key'), 'a_unique_index');
  const lost = new AttemptError('answer_lost', new Error('reset'));

  it('a request remembers that a write whose answer was lost may have committed', async () => {
    const database = databaseThatMeets([lost, refused, ...Array<AttemptError>(4).fill(UNREACHABLE)]);
    await expect(database.run(write, TASK)).rejects.toBe(refused);
    await expect(database.run(write, TASK)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('a request knows that nothing was changed where no answer was lost', async () => {
    const database = databaseThatMeets([refused, ...Array<AttemptError>(4).fill(UNREACHABLE)]);
    await expect(database.run(write, TASK)).rejects.toBe(refused);
    await expect(database.run(write, TASK)).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
