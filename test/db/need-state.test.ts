import { beforeAll, describe, expect, it } from 'vitest';
import { NEED_CONDITIONS, needState, ON_FAILURE } from '../../src/domain/graph.ts';
import { STATUSES } from '../../src/domain/task.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const CASES = NEED_CONDITIONS.flatMap((condition) =>
  ON_FAILURE.flatMap((onFailure) =>
    [...STATUSES, null].flatMap((status) =>
      [false, true].map((isProvided) => ({ condition, onFailure, status, isProvided })),
    ),
  ),
);

describe('the state of a need', () => {
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  it('the function of the database says of every need what the table says', async () => {
    const texts = CASES.map(({ condition, onFailure, status, isProvided }) => {
      const given = status === null ? 'null' : `'${status}'`;
      return `need_state('${condition}', '${onFailure}', ${given}, ${isProvided})`;
    });
    const [row] = await database.query<{ states: string[] }>(`select array[${texts.join(', ')}] as states`);
    expect(CASES.map((one, index) => ({ ...one, state: row?.states[index] }))).toEqual(
      CASES.map((one) => ({
        ...one,
        state: needState(one.condition, one.onFailure, one.status, one.isProvided),
      })),
    );
  });
});
