import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { type Plan, plans } from './arbitraries.ts';
import {
  type Decorate,
  WITHOUT_COMPARE,
  WITHOUT_FENCE,
  WITHOUT_GIVING_UP,
  WITHOUT_GROWTH,
  WITHOUT_LEASE,
  WITHOUT_LOCK,
  WITHOUT_PROJECT,
  WITHOUT_RECORD,
} from './breakages.ts';
import { expectSound } from './checker.ts';
import { rememberCreations } from './creations.ts';
import { record } from './history.ts';
import type { Intent, MoveIntent } from './intent.ts';
import { LESS_IMPATIENT, runsOf } from './parameters.ts';

interface Breakage {
  readonly name: string;
  readonly decorate: Decorate;
  /** Whether it only shows while the way to the database fails. */
  readonly faults: boolean;
  readonly violation: RegExp;
  /** A plan to try first, which is likely to show it at once. */
  readonly likely?: Plan;
}

const ADD: Extract<Intent, { kind: 'add' }> = {
  kind: 'add',
  tasks: [
    {
      project: 'a',
      task: '-1',
      status: undefined,
      priority: undefined,
      maxAttempts: undefined,
      early: undefined,
    },
  ],
  again: undefined,
};
const START: MoveIntent = {
  kind: 'move',
  task: '-1',
  project: 'a',
  to: 'in_progress',
  reset: undefined,
  notes: 'absent',
  token: 'none',
  force: undefined,
  again: undefined,
};
const RACE: Plan = { prelude: [ADD], clients: [[START], [START], [START], [START]], later: [] };
const answerLostOf = (intent: Intent): Plan => ({
  prelude: [ADD, { kind: 'fault', fault: 'answer_lost', times: 1 }],
  clients: [[intent]],
  later: [],
});

const CLAIM: Intent = { kind: 'claim', project: 'a', agent: 'x', capacity: undefined, again: undefined };
const CLAIM_BY_ANOTHER: Intent = { ...CLAIM, agent: 'y' };
const COMPLETE_FROM_OUTSIDE: Intent = { ...START, to: 'completed', token: 'older' };
const ADD_FOR_ONE_ATTEMPT: Intent = { ...ADD, tasks: ADD.tasks.map((task) => ({ ...task, maxAttempts: 1 })) };

/** Those that one client meets alone, and so always by the same requests. */
const CERTAIN: readonly Breakage[] = [
  {
    name: 'a move that does not compare',
    decorate: WITHOUT_COMPARE,
    faults: false,
    violation: /No order explains/,
  },
  {
    name: 'statements that ignore the project',
    decorate: WITHOUT_PROJECT,
    faults: false,
    violation: /A task of another project|No order explains/,
  },
];

/** Those that take a race, a fault or the end of a lease at the right moment. */
const BY_CHANCE: readonly Breakage[] = [
  {
    name: 'a move that does not lock',
    decorate: WITHOUT_LOCK,
    faults: false,
    likely: RACE,
    violation: /No order explains/,
  },
  {
    name: 'a write that is not recorded and sent again when its answer was lost',
    decorate: WITHOUT_RECORD,
    faults: true,
    likely: answerLostOf(START),
    // The last is a client's own comparison of two answers to one request.
    violation: /No order explains|A refused batch was added|to deeply equal/,
  },
  {
    name: 'a deletion that is not recorded and told that there is no such task',
    decorate: WITHOUT_RECORD,
    faults: true,
    likely: answerLostOf({ kind: 'delete', project: 'a', task: '-1' }),
    violation: /No order explains|A refused batch was added|to deeply equal/,
  },
  {
    name: 'a claim that any token holds',
    decorate: WITHOUT_FENCE,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM, COMPLETE_FROM_OUTSIDE]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a claim that does not heed leases',
    decorate: WITHOUT_LEASE,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM, CLAIM_BY_ANOTHER]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'tokens that do not grow',
    decorate: WITHOUT_GROWTH,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM]], later: [[CLAIM_BY_ANOTHER]] },
    violation: /No order explains/,
  },
  {
    name: 'tasks that are left with dead agents',
    decorate: WITHOUT_GIVING_UP,
    faults: false,
    likely: { prelude: [ADD_FOR_ONE_ATTEMPT], clients: [[CLAIM]], later: [] },
    violation: /No order explains|A stranded task/,
  },
];

/** Far more than a breakage needs to show, so that chance does not decide. */
const ENOUGH_RUNS = 2_000;
const LIKELY_RUNS = 10;
const TIMEOUT = { timeout: 120_000 };

describe.each(DRIVERS)('the checker over %s', (driver) => {
  let database: DatabaseUnderTest;
  let clock: TestClock;

  beforeAll(async () => {
    database = await openTestDatabase();
    await rememberCreations(database);
    clock = testClock(database);
  });
  afterEach(() => database.inject('none'));

  /** Runs the property of the concurrent tests against the broken service until it fails. */
  const findViolation = async ({ decorate, faults, likely }: Breakage, endOnFailure: boolean) => {
    const policy = faults ? LESS_IMPATIENT : {};
    const connectionString = database[driver];
    const app = appUnderTest({ driver, connectionString, logLevel: 'silent', policy, decorate });
    const patient = appUnderTest({ driver, connectionString, logLevel: 'silent', decorate });
    const property = fc.asyncProperty(plans({ faults }), async (plan) => {
      expectSound(await record({ api: app, patient, database, clock }, plan, faults));
    });
    const examples = likely === undefined ? [] : Array<[Plan]>(LIKELY_RUNS).fill([likely]);
    return fc.check(property, { ...runsOf(ENOUGH_RUNS), numRuns: ENOUGH_RUNS, endOnFailure, examples });
  };

  // To shrink takes many runs, in each of which every request over Hyperdrive's driver makes Postgres fork.
  it.each(driver === 'neon' ? CERTAIN : [])(
    'notices $name and shrinks to the few requests that show it',
    TIMEOUT,
    async (breakage) => {
      const result = await findViolation(breakage, false);
      expect(String(result.errorInstance)).toMatch(breakage.violation);
      const [plan] = result.counterexample ?? [];
      expect([...(plan?.clients ?? []), ...(plan?.later ?? [])].flat().length).toBeLessThanOrEqual(3);
      expect(fc.defaultReportMessage(result)).toMatch(/seed: -?\d+, path: "[\d:]+"/);
    },
  );

  it.each(BY_CHANCE)('notices $name', TIMEOUT, async (breakage) => {
    const result = await findViolation(breakage, true);
    expect(String(result.errorInstance)).toMatch(breakage.violation);
  });
});
