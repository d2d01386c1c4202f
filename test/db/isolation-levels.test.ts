import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { CONFORMANCE_DRIVERS, type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const { agents: AGENTS, isolationLevels: LEVELS } = inject('form');
const CLAIMS = 20;

const TIMEOUT = { timeout: 300_000 };

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe.each(CONFORMANCE_DRIVERS)('a database with another isolation over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    const connectionString = database[driver];
    app = appUnderTest({
      driver,
      connectionString,
      random: Math.random,
      sleepsPauses: true,
    });
  });
  beforeEach(() => database.empty());
  afterEach(async () => {
    await database.query(`alter database ${database.id} reset all`);
    await database.inject('none');
  });

  const isolateAt = async (level: string) => {
    await database.query(`alter database ${database.id} set default_transaction_isolation to '${level}'`);
    await database.inject('none');
  };

  it.each(LEVELS)(
    'one of many agents starts a task at %s, and the others are refused',
    TIMEOUT,
    async (level) => {
      await isolateAt(level);
      await app.add('p', 'TASK-1');
      const answers = await Promise.all(
        times(AGENTS, () => app.move('p', 'TASK-1', { status: 'in_progress' })),
      );
      const codes = answers.map(({ status, body }) => (status === 200 ? 'started' : body.code));
      expect(codes.filter((code) => code === 'started')).toHaveLength(1);
      expect(codes.filter((code) => code === 'invalid_transition')).toHaveLength(AGENTS - 1);
    },
  );

  it.each(LEVELS)('a task goes to one of 20 agents that claim at once at %s', TIMEOUT, async (level) => {
    await isolateAt(level);
    await app.add('p', 'TASK-1');
    const answers = await Promise.all(times(CLAIMS, (index) => app.claim('p', `agent-${index}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(CLAIMS).fill(200));
    expect(answers.filter(({ body }) => body.reason === 'claimed')).toHaveLength(1);
    // Whoever met the task while it was locked is told to ask again at once.
    for (const { body } of answers) expect(['claimed', 'all_claimed', 'none_due']).toContain(body.reason);
    expect(await database.query('select attempt from tasks')).toEqual([{ attempt: 1 }]);
  });
});
