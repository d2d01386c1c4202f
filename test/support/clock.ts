import type { DatabaseUnderTest } from './database.ts';

/** Moves the clock of one database's leases, pauses and due times by that many seconds from now; the real one at 0. */
export async function moveClock(database: DatabaseUnderTest, seconds: number): Promise<void> {
  await database.query(
    `create or replace function task_clock() returns timestamptz language sql volatile parallel safe
     as 'select clock_timestamp() + interval ''${seconds} seconds'''`,
  );
}

/** The clock of a database, which only its test moves on. */
export interface TestClock {
  /** The time there, in milliseconds since the epoch. */
  now(): number;
  /** Lets more time pass than any lease or pause lasts. */
  passAges(): Promise<void>;
}

const AGES_SECONDS = 2 * 24 * 60 * 60;

export function testClock(database: DatabaseUnderTest): TestClock {
  let passed = 0;
  return {
    now: () => Date.now() + passed * 1_000,
    async passAges() {
      passed += AGES_SECONDS;
      await moveClock(database, passed);
    },
  };
}
