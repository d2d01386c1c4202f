import { describe, expect, it } from 'vitest';
import { violationsIn } from './checker.ts';
import type { Entry, History, StoredTask } from './history.ts';
import { descriptionBy, type Intent, type ModelTask, type Status, type View, viewOfTask } from './model.ts';

const TASK: ModelTask = {
  project: 'a',
  task: '-1',
  status: 'pending',
  description: descriptionBy(1),
  notes: null,
};
const STARTED: ModelTask = { ...TASK, status: 'in_progress' };
const COMPLETED: ModelTask = { ...TASK, status: 'completed' };

const UNKNOWN: View = { status: 500, code: 'outcome_unknown' };
const UNAVAILABLE: View = { status: 500, code: 'database_unavailable' };
const REFUSED_AS_STARTED: View = {
  status: 400,
  code: 'invalid_transition',
  details: {
    from: 'in_progress',
    to: 'in_progress',
    allowed: [
      { status: 'completed', reset: false },
      { status: 'pending', reset: true },
    ],
  },
};

const adding = (...tasks: { project: string; task: string }[]): Intent => ({
  kind: 'add',
  tasks: tasks.map((task) => ({ ...task, status: undefined })),
});
const moving = (to: Status): Intent => ({
  kind: 'move',
  task: '-1',
  project: 'a',
  to,
  reset: undefined,
  notes: 'absent',
});
const GETTING: Intent = { kind: 'get', project: 'a', task: '-1' };

const moved = (task: ModelTask): View => ({ status: 200, updated_task: viewOfTask(task) });
const shown = (task: ModelTask): View => ({ status: 200, task: viewOfTask(task) });
const stored = (task: ModelTask): StoredTask => ({ ...task, completed: task.status === 'completed' });

const ADDED: readonly [Intent, View] = [adding(TASK), { status: 200, tasks_added: 1, task_ids: ['-1'] }];

/** Exchanges one after the other; those in one list all at once. */
function historyOf(
  steps: readonly (readonly (readonly [Intent, View])[])[],
  table: readonly StoredTask[],
): History {
  let number = 0;
  const entries = steps.flatMap((atOnce, moment) =>
    atOnce.map(([intent, view], client): Entry => {
      number += 1;
      return { client, operation: { intent, number }, view, sent: 2 * moment, answered: 2 * moment + 1 };
    }),
  );
  return { isFaulty: true, entries, table };
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

function undated(): View {
  return { status: 200, task: { ...viewOfTask(COMPLETED), completed: false } };
}
