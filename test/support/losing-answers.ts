import type { Database } from '../../src/db/database.ts';

/** A database that does its work and then fails in a way that nobody foresaw. */
export const losingAnswers = (database: Database): Database => ({
  ...database,
  run: async (statement, values) => {
    await database.run(statement, values);
    throw new TypeError('a defect');
  },
});
