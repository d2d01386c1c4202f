import type { Plan } from './arbitraries.ts';
import {
  type Decorate,
  type Sabotage,
  WITH_CLAIM_RESTORED,
  WITH_CLAIM_TAKEN_OUT,
  WITH_ONE_TASK_TOLD,
  WITH_REVISION_OF_CLAIM,
  WITHOUT_CAPACITY,
  WITHOUT_CLAIMS_OF_MANY,
  WITHOUT_COMPARE,
  WITHOUT_COUNTER,
  WITHOUT_DELETED_IDS,
  WITHOUT_EVENT,
  WITHOUT_EXPECTED_COUNT,
  WITHOUT_EXPECTED_REVISION,
  WITHOUT_FENCE,
  WITHOUT_GIVING_UP,
  WITHOUT_GROWTH,
  WITHOUT_LEASE,
  WITHOUT_LEASES_AHEAD,
  WITHOUT_LOCK,
  WITHOUT_LOCK_OF_EDIT,
  WITHOUT_NEEDS,
  WITHOUT_NEEDS_OF_IMPORT,
  WITHOUT_PROJECT,
  WITHOUT_PROJECT_OF_CASCADE,
  WITHOUT_PROJECT_OF_MANY,
  WITHOUT_RECORD,
  WITHOUT_RESULT,
  WITHOUT_REVISION,
  WITHOUT_RULES_OF_MANY,
  WITHOUT_SECRET,
  WITHOUT_SETTLING,
} from './breakages.ts';
import type { BulkIntent, ClaimIntent, EditIntent, Intent, MoveIntent, NeedTerms } from './intent.ts';

/** A service that is broken in one way, and what the checker makes of it. */
export interface Breakage {
  readonly name: string;
  readonly decorate?: Decorate;
  /** What is broken in the database, where no statement of the service is. */
  readonly sabotage?: Sabotage;
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
      needs: undefined,
      inputs: undefined,
      outputs: undefined,
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
  result: undefined,
  artifacts: undefined,
  again: undefined,
};
const RACE: Plan = { prelude: [ADD], clients: [[START], [START], [START], [START]], later: [] };
const answerLostOf = (intent: Intent): Plan => ({
  prelude: [ADD, { kind: 'fault', fault: 'answer_lost', times: 1 }],
  clients: [[intent]],
  later: [],
});

const NEXT_OF_ANOTHER_PROJECT: Intent = { kind: 'next', project: 'b', status: undefined };
const CLAIM: ClaimIntent = {
  kind: 'claim',
  project: 'a',
  agent: 'x',
  capacity: undefined,
  count: undefined,
  lease: undefined,
  wait: undefined,
  again: undefined,
};
const CLAIM_BY_ANOTHER: Intent = { ...CLAIM, agent: 'y' };
const COMPLETE_WITH_RESULT: Intent = { ...START, to: 'completed', result: true, artifacts: true };
const COMPLETE: Intent = { ...START, to: 'completed' };
const CANCEL: Intent = { ...START, to: 'cancelled' };
const COMPLETE_FROM_OUTSIDE: Intent = { ...START, to: 'completed', token: 'older' };
const ADD_FOR_ONE_ATTEMPT: Intent = { ...ADD, tasks: ADD.tasks.map((task) => ({ ...task, maxAttempts: 1 })) };

const NEED: NeedTerms = { need: '-1', when: 'completed', group: undefined, onFailure: 'cancel' };
/** Task -2 needs task -1, and is cancelled with it; that of another project needs nothing. */
const ADD_CHAIN: Intent = {
  ...ADD,
  tasks: [
    ...ADD.tasks,
    ...ADD.tasks.map((task) => ({ ...task, task: '-2', needs: [NEED] })),
    ...ADD.tasks.map((task) => ({ ...task, project: 'b', task: '-2' })),
  ],
};

const EDIT: EditIntent = {
  kind: 'edit',
  project: 'a',
  task: '-1',
  expected: 1,
  priority: undefined,
  maxAttempts: undefined,
  labels: true,
  again: undefined,
};
const DELETE: Intent = { kind: 'delete', project: 'a', task: '-1', purge: false };
const RESTORE: Intent = { kind: 'restore', project: 'a', task: '-1' };
const RESERVE: Intent = { kind: 'reserve', project: 'a', count: 2, again: undefined };

const CANCEL_ALL: BulkIntent = {
  kind: 'bulk',
  project: 'a',
  change: { action: 'cancel', force: false, notes: 'absent' },
  target: { status: undefined, holder: undefined, priority: undefined },
  limit: undefined,
  expect: undefined,
  dry: false,
  again: undefined,
};
const COMPLETE_ALL: BulkIntent = {
  ...CANCEL_ALL,
  change: { action: 'move', to: 'completed', reset: false, force: false, notes: 'absent' },
};
const CANCEL_NAMED: BulkIntent = { ...CANCEL_ALL, target: { ids: ['-1'] } };
/** Three tasks of one project, and one of another. */
const ADD_SEVERAL: Intent = {
  ...ADD,
  tasks: [
    ...['-1', '-2', '-3'].flatMap((id) => ADD.tasks.map((task) => ({ ...task, task: id }))),
    ...ADD.tasks.map((task) => ({ ...task, project: 'b' })),
  ],
};
const CLAIM_TWO: ClaimIntent = { ...CLAIM, capacity: 2, count: 2 };
const TRANSFER: Intent = { kind: 'transfer', project: 'a' };
/** Task -1 makes what task -2 waits for, where artifacts count. */
const COUNT_INPUTS: Intent = { kind: 'settings', project: 'a', readiness: 'inputs', pause: undefined };
const ADD_MAKER: Intent = {
  ...ADD,
  tasks: [
    ...ADD.tasks.map((task) => ({ ...task, outputs: ['X'] })),
    ...ADD.tasks.map((task) => ({ ...task, task: '-2', inputs: ['X'] })),
  ],
};

/** Those that one client meets alone, and so always by the same requests. */
export const CERTAIN: readonly Breakage[] = [
  {
    name: 'a move that does not compare',
    decorate: WITHOUT_COMPARE,
    faults: false,
    likely: { prelude: [ADD], clients: [[START, START]], later: [] },
    // The attempts refuse an end that no claim can have.
    violation: /No order explains|An answer that may not be/,
  },
  {
    name: 'statements that ignore the project',
    decorate: WITHOUT_PROJECT,
    faults: false,
    likely: { prelude: [ADD], clients: [[NEXT_OF_ANOTHER_PROJECT]], later: [] },
    violation: /A task of another project|No order explains/,
  },
];

/** Those that take a race, a fault or the end of a lease at the right moment. */
export const BY_CHANCE: readonly Breakage[] = [
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
    likely: answerLostOf({ kind: 'delete', project: 'a', task: '-1', purge: true }),
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
    name: 'a token of which only the number counts',
    decorate: WITHOUT_SECRET,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM, { ...COMPLETE_FROM_OUTSIDE, token: 'guessed' }]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a change that leaves no event',
    decorate: WITHOUT_EVENT,
    faults: false,
    likely: { prelude: [ADD], clients: [[START]], later: [] },
    violation: /The log folds to another table/,
  },
  {
    name: 'a completion that drops its result',
    decorate: WITHOUT_RESULT,
    faults: false,
    likely: { prelude: [ADD], clients: [[START, COMPLETE_WITH_RESULT]], later: [] },
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
    name: 'a claim that forgets the leases that it could wait for',
    decorate: WITHOUT_LEASES_AHEAD,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM]], later: [[CLAIM, CLAIM_BY_ANOTHER]] },
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
  {
    name: 'a claim that does not ask for needs',
    decorate: WITHOUT_NEEDS,
    faults: false,
    likely: { prelude: [ADD_CHAIN], clients: [[CLAIM, CLAIM_BY_ANOTHER]], later: [] },
    violation: /A task that was given before its needs were met/,
  },
  {
    name: 'a completion of which nothing hears that needs it',
    sabotage: WITHOUT_SETTLING,
    faults: false,
    likely: { prelude: [ADD_CHAIN], clients: [[START, COMPLETE]], later: [] },
    violation: /The edge of .* is waiting and should be met/,
  },
  {
    name: 'a cascade that forgets its project',
    sabotage: WITHOUT_PROJECT_OF_CASCADE,
    faults: false,
    likely: { prelude: [ADD_CHAIN], clients: [[CANCEL]], later: [] },
    violation: /A cascade that reached another project/,
  },
  {
    name: 'an edit that does not compare the revision',
    sabotage: WITHOUT_EXPECTED_REVISION,
    faults: false,
    likely: { prelude: [ADD], clients: [[EDIT, EDIT]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'an edit that does not lock',
    sabotage: WITHOUT_LOCK_OF_EDIT,
    faults: false,
    likely: { prelude: [ADD], clients: [[EDIT], [EDIT], [EDIT]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'an edit that leaves the revision',
    sabotage: WITHOUT_REVISION,
    faults: false,
    likely: { prelude: [ADD], clients: [[EDIT]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a claim that changes the revision',
    decorate: WITH_REVISION_OF_CLAIM,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a restoration that keeps the claim',
    sabotage: WITH_CLAIM_RESTORED,
    faults: false,
    likely: { prelude: [ADD], clients: [[CLAIM, DELETE, RESTORE]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a batch that does not look at what is deleted',
    decorate: WITHOUT_DELETED_IDS,
    faults: false,
    likely: { prelude: [ADD], clients: [[DELETE, ADD]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'ids that are given again when nobody has taken them',
    sabotage: WITHOUT_COUNTER,
    faults: false,
    likely: { prelude: [ADD], clients: [[RESERVE, RESERVE]], later: [] },
    violation: /An id that was given twice/,
  },
  {
    name: 'a change of many tasks that the transitions do not bind',
    decorate: WITHOUT_RULES_OF_MANY,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[COMPLETE_ALL]], later: [] },
    violation: /No order explains|An answer that may not be/,
  },
  {
    name: 'a change of many tasks that claims do not bind',
    decorate: WITHOUT_CLAIMS_OF_MANY,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[CLAIM, CANCEL_ALL]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a change of many tasks that forgets its project',
    decorate: WITHOUT_PROJECT_OF_MANY,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[CANCEL_NAMED]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a change of another number of tasks than expected',
    decorate: WITHOUT_EXPECTED_COUNT,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[{ ...CANCEL_ALL, expect: 2 }]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a claim of several tasks that exceeds the capacity',
    decorate: WITHOUT_CAPACITY,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[{ ...CLAIM_TWO, count: 1 }, CLAIM_TWO]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a claim of several tasks that gives one of them twice',
    decorate: WITH_ONE_TASK_TOLD,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[CLAIM_TWO]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a project that is taken elsewhere with its claims',
    decorate: WITH_CLAIM_TAKEN_OUT,
    faults: false,
    likely: { prelude: [ADD_SEVERAL], clients: [[CLAIM, TRANSFER]], later: [] },
    violation: /No order explains/,
  },
  {
    name: 'a project whose tasks wait for no artifact any more where it is taken in',
    sabotage: WITHOUT_NEEDS_OF_IMPORT,
    faults: false,
    likely: { prelude: [COUNT_INPUTS, ADD_MAKER], clients: [[TRANSFER]], later: [] },
    violation: /No order explains/,
  },
];
