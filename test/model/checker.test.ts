import { describe, expect, it } from 'vitest';
import { violationsIn } from './checker.ts';
import type { Entry, History } from './history.ts';
import type { CreatedTask, Intent, NewModelTask, Status, TaskKey, View } from './intent.ts';
import { claimRefusal, descriptionBy, type ModelTask, type ShownTask, viewOfTask } from './task.ts';

const TASK: ModelTask = {
  project: 'a',
  task: '-1',
  status: 'pending',
  description: descriptionBy(1),
  notes: null,
  priority: 2,
  maxAttempts: 3,
  attempt: 0,
  early: false,
  retry: 'none',
  error: null,
  claim: null,
  lastToken: 0,
};
const STARTED: ModelTask = { ...TASK, status: 'in_progress' };
const COMPLETED: ModelTask = { ...TASK, status: 'completed' };

const UNKNOWN: View = { status: 500, code: 'outcome_unknown' };
const UNAVAILABLE: View = { status: 500, code: 'database_unavailable' };
const REFUSED_AS_STARTED: View = {
  status: 400,
  code: 'invalid_transition',
  details: {
    reason: 'invalid_transition',
    status: 'in_progress',
    holder: null,
    allowed: [
      { status: 'completed', reset: false },
      { status: 'failed', reset: false },
      { status: 'cancelled', reset: false },
      { status: 'pending', reset: true },
    ],
    from: 'in_progress',
    to: 'in_progress',
  },
};

const adding = (...tasks: (TaskKey & { readonly maxAttempts?: number })[]): Intent => ({
  kind: 'add',
  tasks: tasks.map(
    ({ project, task, maxAttempts }): NewModelTask => ({
      project,
      task,
      status: undefined,
      priority: undefined,
      maxAttempts,
      early: undefined,
    }),
  ),
  again: undefined,
});
const moving = (to: Status): Intent => ({
  kind: 'move',
  task: '-1',
  project: 'a',
  to,
  reset: undefined,
  notes: 'absent',
  token: 'none',
  force: undefined,
  again: undefined,
});
const claiming = (agent: string): Intent => ({
  kind: 'claim',
  project: 'a',
  agent,
  capacity: undefined,
  again: undefined,
});
const claimed = (agent: string, token: number, attempt = 1): ModelTask => ({
  ...TASK,
  status: 'in_progress',
  attempt,
  claim: { agent, token, live: true },
  lastToken: token,
});
const given = (task: ModelTask, reason = 'claimed'): View => ({
  status: 200,
  task: viewOfTask(task),
  reason,
  claim: { agent: task.claim?.agent, token: task.claim?.token, attempt: task.attempt },
});
const DELETING: Intent = { kind: 'delete', project: 'a', task: '-1' };
const DELETED: View = { status: 200, deleted_task: viewOfTask(TASK) };
const GONE: View = { status: 404, code: 'task_not_found' };
const ADDED_AGAIN: ModelTask = { ...TASK, description: descriptionBy(3) };
const BEATING: Intent = { kind: 'heartbeat', project: 'a', task: '-1', token: 'older', again: undefined };
const NOTHING: View = { status: 200, task: null, reason: 'none_pending', claim: null };
const OTHER: ModelTask = { ...TASK, task: '-2' };
const OTHER_CLAIMED: ModelTask = { ...claimed('x', 5), task: '-2' };
/** Held for its only attempt. */
const LAST: ModelTask = { ...claimed('x', 5), maxAttempts: 1 };
const TICK: readonly [Intent, View] = [{ kind: 'tick' }, { status: 200 }];
const EXPIRED = { error: 'The lease of x expired' };
const GETTING: Intent = { kind: 'get', project: 'a', task: '-1' };

const moved = (task: ModelTask): View => ({ status: 200, updated_task: viewOfTask(task) });
const shown = (task: ModelTask): View => ({ status: 200, task: viewOfTask(task) });
const stored = (task: ModelTask): ShownTask => viewOfTask(task);

const ADDED: readonly [Intent, View] = [adding(TASK), { status: 200, tasks_added: 1, task_ids: ['-1'] }];
const ADDED_BOTH: readonly [Intent, View] = [
  adding(TASK, OTHER),
  { status: 200, tasks_added: 2, task_ids: ['-1', '-2'] },
];
const ADDED_LAST: readonly [Intent, View] = [adding(LAST), ADDED[1]];

/** Exchanges one after the other; those in one list all at once. */
function historyOf(
  steps: readonly (readonly (readonly [Intent, View])[])[],
  table: readonly ShownTask[],
  created: readonly CreatedTask[] = table,
): History {
  let number = 0;
  const entries = steps.flatMap((atOnce, moment) =>
    atOnce.map(([intent, view], client): Entry => {
      number += 1;
      return { client, operation: { intent, number }, view, sent: 2 * moment, answered: 2 * moment + 1 };
    }),
  );
  const isFaulty = entries.some(({ view }) => Number(view['status']) >= 500);
  return { isFaulty, isDrained: false, entries, table, created };
}

describe('the history checker', () => {
  it.each([
    [
      'moves one after the other',
      [[ADDED], [[moving('in_progress'), moved(STARTED)]], [[moving('completed'), moved(COMPLETED)]]],
      [stored(COMPLETED)],
    ],
    [
      'a race with one winner, whoever is written down first',
      [
        [ADDED],
        [
          [moving('in_progress'), REFUSED_AS_STARTED],
          [moving('in_progress'), moved(STARTED)],
        ],
      ],
      [stored(STARTED)],
    ],
    [
      'an unknown write that was carried out',
      [[ADDED], [[moving('in_progress'), UNKNOWN]], [[GETTING, shown(STARTED)]]],
      [stored(STARTED)],
    ],
    [
      'an unknown write that was not carried out',
      [[ADDED], [[moving('in_progress'), UNKNOWN]], [[GETTING, shown(TASK)]]],
      [stored(TASK)],
    ],
    [
      'an unknown write that was carried out late',
      [[ADDED], [[moving('in_progress'), UNKNOWN]], [[GETTING, shown(TASK)]], [[GETTING, shown(STARTED)]]],
      [stored(STARTED)],
    ],
    [
      'a claim that is given back to its agent after a lost answer',
      [[ADDED], [[claiming('x'), UNKNOWN]], [[claiming('x'), given(claimed('x', 5), 'continue_current')]]],
      [stored(claimed('x', 5))],
    ],
    [
      'a task that goes to another agent when the lease is over, under a greater token',
      [
        [ADDED],
        [[claiming('x'), given(claimed('x', 5))]],
        [TICK],
        [[claiming('y'), given({ ...claimed('y', 6, 2), ...EXPIRED })]],
      ],
      [stored({ ...claimed('y', 6, 2), ...EXPIRED })],
    ],
    [
      'a claim that passes over a task which a refused heartbeat has locked',
      [
        [ADDED_BOTH],
        [
          [BEATING, claimRefusal(TASK)],
          [claiming('x'), given(OTHER_CLAIMED)],
        ],
      ],
      [stored(TASK), stored(OTHER_CLAIMED)],
    ],
    [
      'a claim that does not give up on a task which a refused heartbeat has locked',
      [
        [ADDED_LAST],
        [[claiming('x'), given(LAST)]],
        [TICK],
        [
          [BEATING, claimRefusal(LAST)],
          [claiming('y'), NOTHING],
        ],
      ],
      [stored(LAST)],
    ],
    ['an unknown write that is carried out after the end', [[[adding(TASK), UNKNOWN]]], []],
    [
      'requests without an answer that came to nothing',
      [[ADDED], [[moving('in_progress'), UNAVAILABLE]], [[GETTING, UNAVAILABLE]]],
      [stored(TASK)],
    ],
  ] as const)('accepts %s', (_, steps, table) => {
    expect(violationsIn(historyOf(steps, table))).toEqual([]);
  });

  it.each([
    [
      'an acknowledged move that is lost',
      [[ADDED], [[moving('in_progress'), moved(STARTED)]]],
      [stored(TASK)],
      'No order',
    ],
    ['an acknowledged batch that is lost', [[ADDED]], [], 'A lost batch'],
    [
      'a start that succeeds twice',
      [
        [ADDED],
        [
          [moving('in_progress'), moved(STARTED)],
          [moving('in_progress'), moved(STARTED)],
        ],
      ],
      [stored(STARTED)],
      'No order',
    ],
    [
      'a refused start that has happened',
      [[ADDED], [[moving('in_progress'), REFUSED_AS_STARTED]]],
      [stored(STARTED)],
      'No order',
    ],
    [
      'a start that came to nothing and has happened',
      [[ADDED], [[moving('in_progress'), UNAVAILABLE]]],
      [stored(STARTED)],
      'No order',
    ],
    [
      'a path that is not in the table',
      [[ADDED], [[moving('completed'), moved(COMPLETED)]]],
      [stored(COMPLETED)],
      'No order',
    ],
    [
      'an unknown start that was seen and then undone by nobody',
      [[ADDED], [[moving('in_progress'), UNKNOWN]], [[GETTING, shown(STARTED)]]],
      [stored(TASK)],
      'No order',
    ],
    [
      'a read that is behind an acknowledged move',
      [[ADDED], [[moving('in_progress'), moved(STARTED)]], [[GETTING, shown(TASK)]]],
      [stored(STARTED)],
      'No order',
    ],
    [
      'two live claims of one task',
      [
        [ADDED],
        [
          [claiming('x'), given(claimed('x', 5))],
          [claiming('y'), given({ ...claimed('y', 6, 2), ...EXPIRED })],
        ],
      ],
      [stored({ ...claimed('y', 6, 2), ...EXPIRED })],
      'No order',
    ],
    [
      'a token that does not grow',
      [
        [ADDED],
        [[claiming('x'), given(claimed('x', 5))]],
        [TICK],
        [[claiming('y'), given({ ...claimed('y', 5, 2), ...EXPIRED })]],
      ],
      [stored({ ...claimed('y', 5, 2), ...EXPIRED })],
      'No order',
    ],
    [
      'a claim that passes over a task which nobody has locked',
      [[ADDED_BOTH], [[claiming('x'), given(OTHER_CLAIMED)]], [[BEATING, claimRefusal(TASK)]]],
      [stored(TASK), stored(OTHER_CLAIMED)],
      'No order',
    ],
    [
      'a claim that passes over a task while another has a third one locked',
      [
        [ADDED_BOTH],
        [
          [{ ...BEATING, task: '-3' }, GONE],
          [claiming('x'), given(OTHER_CLAIMED)],
        ],
      ],
      [stored(TASK), stored(OTHER_CLAIMED)],
      'No order',
    ],
    [
      'a claim that does not give up on a task which nobody has locked',
      [[ADDED_LAST], [[claiming('x'), given(LAST)]], [TICK], [[claiming('y'), NOTHING]]],
      [stored(LAST)],
      'No order',
    ],
    ['a task that nobody added', [[ADDED]], [stored(TASK), stored({ ...TASK, task: '-2' })], 'No order'],
    [
      'a task of another project',
      [[ADDED], [[{ ...GETTING, project: 'b' }, shown(TASK)]]],
      [stored(TASK)],
      'A task of another project',
    ],
    ['a date without completion', [[ADDED]], [{ ...stored(TASK), completed: true }], 'completed_at'],
    [
      'a completion without date in an answer',
      [[ADDED], [[GETTING, undated()]]],
      [stored(TASK)],
      'completed_at',
    ],
    [
      'half a batch',
      [[[adding(TASK, { project: 'a', task: '-2' }), UNKNOWN]]],
      [stored(TASK)],
      '1 of 2 tasks',
    ],
    [
      'a refused batch that was added',
      [[[adding(TASK), { status: 409, code: 'task_exists' }]]],
      [stored(TASK)],
      'A refused batch',
    ],
    [
      'a fault of ours',
      [[[GETTING, { status: 500, code: 'internal_error' }]]],
      [],
      'An answer that may not be',
    ],
    ['a read whose outcome is called unknown', [[[GETTING, UNKNOWN]]], [], 'An answer that may not be'],
    [
      'a batch that counts as created before an earlier one',
      [[ADDED], [[adding({ project: 'b', task: '-1' }), { status: 200, tasks_added: 1, task_ids: ['-1'] }]]],
      [stored({ ...TASK, project: 'b', description: descriptionBy(2) }), stored(TASK)],
      'Created before',
    ],
  ] as const)('refuses %s', (_, steps, table, violation) => {
    expect(violationsIn(historyOf(steps, table)).join('\n')).toContain(violation);
  });
});

describe('the history checker, of tasks that are gone', () => {
  it.each([
    ['a deletion', [[ADDED], [[DELETING, DELETED]], [[GETTING, GONE]]], [], [TASK]],
    ['an unknown deletion', [[ADDED], [[DELETING, UNKNOWN]], [[GETTING, GONE]]], [], [TASK]],
    [
      'a task of the same id behind it',
      [[ADDED], [[DELETING, DELETED]], [ADDED]],
      [stored(ADDED_AGAIN)],
      [TASK, ADDED_AGAIN],
    ],
  ] as const)('accepts %s', (_, steps, table, created) => {
    expect(violationsIn(historyOf(steps, table, created))).toEqual([]);
  });

  it.each([
    ['a deletion that is lost', [[ADDED], [[DELETING, DELETED]]], [stored(TASK)], [TASK]],
    ['a deletion that nobody asked for', [[ADDED]], [], [TASK]],
    [
      'a deletion that succeeds twice',
      [
        [ADDED],
        [
          [DELETING, DELETED],
          [DELETING, DELETED],
        ],
      ],
      [],
      [TASK],
    ],
    ['a deletion that is told that it came too late', [[ADDED], [[DELETING, GONE]]], [], [TASK]],
  ] as const)('refuses %s', (_, steps, table, created) => {
    expect(violationsIn(historyOf(steps, table, created)).join('\n')).toContain('No order');
  });
});

it('finds tasks that nobody will be given any more', () => {
  const history = { ...historyOf([[ADDED]], [stored(TASK)]), isDrained: true };
  expect(violationsIn(history).join('\n')).toContain('A stranded task');
});

function undated(): View {
  return { status: 200, task: { ...viewOfTask(COMPLETED), completed: false } };
}
