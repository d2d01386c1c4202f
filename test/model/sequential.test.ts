import * as fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { anyIntentAlone } from './arbitraries.ts';
import { newClient, newScope } from './client.ts';
import { COPY, type Intent } from './intent.ts';
import { logViolations } from './log.ts';
import { step } from './model.ts';
import { assertFor, patienceFor } from './parameters.ts';
import { EMPTY, type State } from './state.ts';

const RUNS = inject('form').modelRuns.sequential;

type Real = ReturnType<typeof newClient>;

/** Whether anything was ever in COPY. */
const hasCopy = ({ projects }: State) => COPY in projects;

/** Only what is new takes another in, and nothing happens there before. */
function isInTurn(intent: Intent, state: State): boolean {
  if (intent.kind === 'transfer') return !hasCopy(state);
  const projects = intent.kind === 'add' ? intent.tasks.map(({ project }) => project) : [];
  const isOfCopy = projects.includes(COPY) || ('project' in intent && intent.project === COPY);
  return !isOfCopy || hasCopy(state);
}

/** One request; the API and the model must answer it alike. */
class Request implements fc.AsyncCommand<{ state: State }, Real> {
  readonly intent: Intent;

  constructor(intent: Intent) {
    this.intent = intent;
  }

  check({ state }: { readonly state: State }): boolean {
    return isInTurn(this.intent, state);
  }

  async run(model: { state: State }, perform: Real): Promise<void> {
    const { operation, view } = await perform(this.intent);
    const predicted = step(model.state, operation, { seen: view });
    expect(view).toEqual(predicted.view);
    model.state = predicted.state;
  }

  toString(): string {
    return JSON.stringify(this.intent);
  }
}

const newRun = (api: Api, clock: TestClock) => () => ({
  model: { state: EMPTY },
  real: newClient({ api, clock, scope: newScope() }),
});

describe.each(DRIVERS)('one client after the other over %s', (driver) => {
  let app: AppUnderTest;
  let clock: TestClock;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver], logLevel: 'silent' });
    clock = testClock(database);
  });

  it('every request is answered as the model answers', { timeout: patienceFor(RUNS) }, async () => {
    const requests = fc.commands([anyIntentAlone.map((intent) => new Request(intent))], {
      maxCommands: 40,
      size: 'max',
    });
    await assertFor(RUNS, requests, (sequence) => fc.asyncModelRun(newRun(app, clock), sequence));
    expect(await logViolations(database, app, '')).toEqual([]);
  });
});
