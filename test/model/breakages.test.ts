import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { type Plan, plans } from './arbitraries.ts';
import {
  type Decorate,
  WITH_RESENDING,
  WITHOUT_COMPARE,
  WITHOUT_LOCK,
  WITHOUT_PROJECT,
} from './breakages.ts';
import { expectSound } from './checker.ts';
import { record } from './history.ts';
import type { Intent } from './model.ts';
import { IMPATIENT, runsOf } from './parameters.ts';

interface Breakage {
  readonly name: string;
  readonly decorate: Decorate;
  /** Whether it only shows while the way to the database fails. */
  readonly faults: boolean;
  readonly violation: RegExp;
  /** A plan to try first, which is likely to show it at once. */
  readonly likely?: Plan;
}

const ADD: Intent = { kind: 'add', tasks: [{ project: 'a', task: '-1', status: undefined }] };
const START: Intent = {
  kind: 'move',
  task: '-1',
  project: 'a',
  to: 'in_progress',
  reset: undefined,
  notes: 'absent',
};
const RACE: Plan = { prelude: [ADD], clients: [[START], [START], [START], [START]] };
const LOST_ANSWER: Plan = {
  prelude: [ADD, { kind: 'fault', fault: 'answer_lost', times: 1 }],
  clients: [[START]],
};

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

/** Those that take a race or a fault at the right moment. */
const BY_CHANCE: readonly Breakage[] = [
  {
    name: 'a move that does not lock',
    decorate: WITHOUT_LOCK,
    faults: false,
    likely: RACE,
    violation: /No order explains/,
  },
  {
    name: 'a write sent again when its answer was lost',
    decorate: WITH_RESENDING,
    faults: true,
    likely: LOST_ANSWER,
    violation: /No order explains|A refused batch was added/,
  },
];

/** Far more than a breakage needs to show, so that chance does not decide. */
const ENOUGH_RUNS = 2_000;
const LIKELY_RUNS = 10;
const TIMEOUT = { timeout: 120_000 };

describe.each(DRIVERS)('the checker over %s', (driver) => {
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.inject('none'));

  /** Runs the property of the concurrent tests against the broken service until it fails. */
  const findViolation = async ({ decorate, faults, likely }: Breakage, endOnFailure: boolean) => {
    const policy = faults ? IMPATIENT : {};
    const connectionString = database[driver];
    const app = appUnderTest({ driver, connectionString, logLevel: 'silent', policy, decorate });
    const property = fc.asyncProperty(plans({ faults }), async (plan) => {
      expectSound(await record(app, database, plan, faults));
    });
    const examples = likely === undefined ? [] : Array<[Plan]>(LIKELY_RUNS).fill([likely]);
    return fc.check(property, { ...runsOf(ENOUGH_RUNS), numRuns: ENOUGH_RUNS, endOnFailure, examples });
  };

  it.each(CERTAIN)(
    'notices $name and shrinks to the few requests that show it',
    TIMEOUT,
    async (breakage) => {
      const result = await findViolation(breakage, false);
      expect(String(result.errorInstance)).toMatch(breakage.violation);
      expect(result.counterexample?.[0].clients.flat().length).toBeLessThanOrEqual(3);
      expect(fc.defaultReportMessage(result)).toMatch(/seed: -?\d+, path: "[\d:]+"/);
    },
  );

  it.each(BY_CHANCE)('notices $name', TIMEOUT, async (breakage) => {
    const result = await findViolation(breakage, true);
    expect(String(result.errorInstance)).toMatch(breakage.violation);
  });
});
