import * as fc from 'fast-check';
import type { Fault } from '../support/fault-proxy.ts';
import { bulk, limitedBulk, namedBulk } from './arbitrary-bulks.ts';
import { again, maybe, notes, project, status, task } from './arbitrary-parts.ts';
import { COPY, type EditIntent, type Intent, type NeedTerms, type NewModelTask, UNNAMED } from './intent.ts';
import { INVALID_REQUESTS, type InvalidName } from './invalid-requests.ts';

/** Lets the way to the database fail for a number of connections, and ends those that are open. */
export interface FaultAction {
  readonly kind: 'fault';
  readonly fault: Fault;
  readonly times: number;
}

export type Action = Intent | FaultAction;

/** What one client does before the others begin, then what several do at once. */
export interface Plan {
  readonly prelude: readonly Action[];
  readonly clients: readonly (readonly Action[])[];
  /** What they do when all leases and pauses are over. */
  readonly later: readonly (readonly Action[])[];
}

const need = fc.record({
  need: task,
  when: fc.constantFrom('completed', 'completed', 'completed', 'ended', 'failed'),
  group: fc.option(fc.constant('g'), { nil: undefined, freq: 2 }),
  onFailure: fc.constantFrom('block', 'cancel', 'cancel', 'ignore'),
});
const artifact = fc.constantFrom('X', 'X', 'Y');

const newTask = fc.record({
  project,
  task,
  needs: maybe(fc.uniqueArray(need, { minLength: 1, maxLength: 2, selector: (it) => it.need })),
  inputs: fc.option(fc.tuple(artifact), { nil: undefined, freq: 3 }),
  outputs: fc.option(fc.tuple(artifact), { nil: undefined, freq: 3 }),
  // More often what can be claimed.
  status: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: status }),
  priority: maybe(fc.integer({ min: 1, max: 3 })),
  maxAttempts: maybe(fc.integer({ min: 1, max: 2 })),
  early: fc.option(fc.constant(true), { nil: undefined, freq: 6 }),
});

const move: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant('move' as const),
    task,
    project: maybe(project),
    to: status,
    reset: maybe(fc.boolean()),
    notes,
    token: fc.constantFrom('none', 'none', 'newest', 'newest', 'newest', 'older', 'guessed'),
    force: fc.option(fc.constant(true), { nil: undefined, freq: 8 }),
    result: maybe(fc.constant(true as const)),
    artifacts: maybe(fc.constant(true as const)),
    again,
  })
  // Other runs have ids that the service gave, too.
  .map((intent) => (intent.task.startsWith('-') ? intent : { ...intent, project: intent.project ?? 'a' }));

const claim: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant('claim' as const),
    project,
    agent: fc.constantFrom('x', 'y'),
    capacity: maybe(fc.constantFrom(1, 2, 3)),
    count: fc.option(fc.constantFrom(1, 2, 3), { nil: undefined, freq: 2 }),
    lease: maybe(fc.constant(300)),
    wait: fc.option(fc.constantFrom(1, 3), { nil: undefined, freq: 3 }),
    again,
  })
  // More than that is refused.
  .map((intent) => ({ ...intent, count: intent.count && Math.min(intent.count, intent.capacity ?? 1) }));

const token = fc.constantFrom(
  'newest' as const,
  'newest' as const,
  'newest' as const,
  'older' as const,
  'guessed' as const,
);

const heartbeat: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('heartbeat' as const),
  progress: maybe(fc.constant(true as const)),
  checkpoint: maybe(fc.constant(true as const)),
  project,
  task,
  token,
  again,
});

const release: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('release' as const),
  project,
  task,
  token,
  delayed: fc.boolean(),
  notes,
  again,
});

/** One to which the service gives an id; nothing connects it, so that the checker knows what an addition may lock. */
const unnamed = newTask.map((one) => ({
  ...one,
  task: UNNAMED,
  needs: undefined,
  inputs: undefined,
  outputs: undefined,
}));

const add: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant('add' as const),
    tasks: fc.array(fc.oneof({ weight: 4, arbitrary: newTask }, { weight: 1, arbitrary: unnamed }), {
      minLength: 1,
      maxLength: 3,
    }),
    isWild: fc.option(fc.constant(true), { nil: false, freq: 8 }),
    again,
  })
  .map(({ isWild, tasks, ...rest }) => ({
    ...rest,
    tasks: isWild ? tasks : tasks.map((one) => withNeeds(one, ({ need: other }) => other < one.task)),
  }));

/** With some needs only: those for tasks with a lesser id close no cycle. */
function withNeeds(one: NewModelTask, isKept: (terms: NeedTerms) => boolean): NewModelTask {
  const needs = one.needs?.filter(isKept);
  const inputs = one.inputs?.filter((name) => !one.outputs?.includes(name));
  return { ...one, inputs, needs: needs?.length === 0 ? undefined : needs };
}

/** What a task needs that the same batch has. */
function withOwnNeeds(one: NewModelTask, batch: readonly NewModelTask[]): NewModelTask {
  const isThere = (id: string) =>
    batch.some(({ project: its, task: it }) => its === one.project && it === id);
  return withNeeds(one, ({ need: other }) => other < one.task && isThere(other));
}

/** Most of the tasks that there can be, so that few requests meet none. */
const prelude: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('add' as const),
  tasks: fc
    .uniqueArray(newTask, {
      minLength: 3,
      maxLength: 6,
      size: 'max',
      selector: (it) => `${it.project}/${it.task}`,
    })
    .map((tasks) => tasks.map((one) => withOwnNeeds(one, tasks))),
  again: fc.constant(undefined),
});

const next: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('next' as const),
  project,
  status: maybe(status),
});

const list: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('list' as const),
  project,
  status: maybe(status),
  limit: maybe(fc.integer({ min: 1, max: 3 })),
  follow: fc.boolean(),
});

const get: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('get' as const),
  project,
  task,
  needs: maybe(fc.constant(true as const)),
});

/** A task and what it needs: seldom what closes a cycle. */
const edge = fc.constantFrom(
  ...[['-2', '-1'] as const, ['-2', '-1'] as const, ['-3', '-1'] as const, ['-3', '-2'] as const],
  ...[['-1', '-2'] as const, ['-1', '-1'] as const],
);

const putNeed: fc.Arbitrary<Intent> = fc
  .record({ project, edge, need, again })
  .map(({ need: terms, edge: [child, parent], ...rest }) => {
    return { kind: 'need', ...terms, ...rest, task: child, need: parent };
  });

const removeNeed: fc.Arbitrary<Intent> = fc
  .record({ project, edge })
  .map(({ project: of, edge: [child, parent] }) => {
    return { kind: 'unneed', project: of, task: child, need: parent };
  });

const provide: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('artifact' as const),
  project,
  name: artifact,
});

const settings: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('settings' as const),
  project,
  readiness: maybe(fc.constantFrom('declared', 'inputs', 'inputs')),
  pause: maybe(fc.constantFrom('none', 'none', 'day', 'open')),
});

// The names are the table's own keys.
const names = Object.keys(INVALID_REQUESTS) as InvalidName[];
const invalid: fc.Arbitrary<Intent> = fc.constantFrom(...names).map((name) => {
  const { status: expected, code } = INVALID_REQUESTS[name];
  return { kind: 'invalid', name, status: expected, code };
});

// Few, so that what is restored was deleted.
const mortal = fc.constantFrom(
  ...[
    { project: 'a', task: '-1' },
    { project: 'a', task: '-1' },
    { project: 'a', task: '-2' },
  ],
  ...[
    { project: 'b', task: '-1' },
    { project: 'a', task: 'TASK-001' },
  ],
);

const remove: fc.Arbitrary<Intent> = fc
  .record({ key: mortal, purge: fc.constantFrom(false, false, true) })
  .map(({ key, purge }) => ({ kind: 'delete', ...key, purge }));

const restore: fc.Arbitrary<Intent> = mortal.map((key) => ({ kind: 'restore', ...key }));

const edit: fc.Arbitrary<Intent> = fc
  .record({
    kind: fc.constant('edit' as const),
    project,
    task,
    expected: fc.constantFrom(undefined, 1, 1, 2),
    priority: maybe(fc.integer({ min: 1, max: 3 })),
    maxAttempts: maybe(fc.integer({ min: 1, max: 2 })),
    labels: maybe(fc.constant(true as const)),
    again,
  })
  .map((intent) => ({ ...intent, labels: intent.labels ?? (hasNothing(intent) ? true : undefined) }));

const hasNothing = ({ priority, maxAttempts }: Pick<EditIntent, 'priority' | 'maxAttempts'>) =>
  priority === undefined && maxAttempts === undefined;

const note: fc.Arbitrary<Intent> = fc.record({ kind: fc.constant('note' as const), project, task, again });

const readNotes: fc.Arbitrary<Intent> = fc.record({ kind: fc.constant('notes' as const), project, task });

const reserve: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('reserve' as const),
  project,
  count: fc.constantFrom(1, 2),
  again,
});

/** What a client may do beside others, but for changes of many tasks; more often what changes something. */
const anySingle: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 8, arbitrary: move },
  { weight: 6, arbitrary: claim },
  { weight: 2, arbitrary: heartbeat },
  { weight: 2, arbitrary: release },
  { weight: 3, arbitrary: add },
  { weight: 2, arbitrary: next },
  { weight: 3, arbitrary: list },
  { weight: 2, arbitrary: get },
  { weight: 2, arbitrary: remove },
  { weight: 2, arbitrary: restore },
  { weight: 3, arbitrary: edit },
  { weight: 1, arbitrary: note },
  { weight: 1, arbitrary: readNotes },
  { weight: 1, arbitrary: reserve },
  { weight: 1, arbitrary: invalid },
  { weight: 3, arbitrary: putNeed },
  { weight: 1, arbitrary: removeNeed },
  { weight: 1, arbitrary: provide },
  { weight: 1, arbitrary: settings },
);

/** Anything that a client may do beside others. */
const anyIntent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 14, arbitrary: anySingle },
  { weight: 1, arbitrary: bulk },
);

/** The same where the way fails: a change whose outcome nobody knows may have missed any of what it means. */
const anyUnderFaults: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 14, arbitrary: anySingle },
  { weight: 1, arbitrary: namedBulk },
);

/** What one client alone may do besides: a request beside others that are on their way may have read either time. */
const alone: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 20, arbitrary: anyIntent },
  { weight: 1, arbitrary: limitedBulk },
  { weight: 2, arbitrary: fc.constant({ kind: 'tick' }) },
);

const transfer: fc.Arbitrary<Intent> = fc.record({ kind: fc.constant('transfer' as const), project });

/** The same, and a project that is taken into COPY, and what may be done there. */
export const anyIntentAlone: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 20, arbitrary: alone },
  { weight: 6, arbitrary: alone.map(inCopy) },
  { weight: 1, arbitrary: transfer },
);

function inCopy(intent: Intent): Intent {
  if (intent.kind === 'add')
    return { ...intent, tasks: intent.tasks.map((one) => ({ ...one, project: COPY })) };
  return 'project' in intent && intent.project !== undefined ? { ...intent, project: COPY } : intent;
}

const fault: fc.Arbitrary<FaultAction> = fc.record({
  kind: fc.constant('fault' as const),
  fault: fc.constantFrom(
    'reset',
    'reset_before_statement',
    'answer_lost',
    'black_hole',
    'black_hole_after_statement',
  ),
  // Once is what a repetition survives, four times is more than it is patient for.
  times: fc.constantFrom(1, 2, 4, 0),
});

const CLIENTS = { minLength: 1, maxLength: 4 };

/** Clients with a few actions each; with faults among them where that is wanted. */
export function plans({ faults }: { readonly faults: boolean }): fc.Arbitrary<Plan> {
  const action: fc.Arbitrary<Action> = faults
    ? fc.oneof({ weight: 4, arbitrary: anyUnderFaults }, { weight: 1, arbitrary: fault })
    : anyIntent;
  const actions = fc.array(action, { minLength: 1, maxLength: faults ? 6 : 5 });
  // A move that all clients make first: the race that matters most, which chance alone seldom makes.
  const rush = fc.option(fc.oneof(move, claim, edit, namedBulk), { nil: undefined, freq: 2 });
  const opening = faults ? maybe(fault) : fc.constant(undefined);
  const later = fc.array(actions, { maxLength: 2 });
  const clients = fc.array(actions, CLIENTS);
  return fc.record({ set: maybe(settings), prelude, opening, rush, clients, later }).map((plan) => ({
    later: plan.later,
    prelude: [plan.set, plan.prelude, plan.opening].filter((action) => action !== undefined),
    clients: plan.clients.map((own) => (plan.rush === undefined ? own : [plan.rush, ...own])),
  }));
}
