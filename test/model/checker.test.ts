import { describe, expect, it } from 'vitest';
import { violationsIn } from './checker.ts';
import {
  ADDED,
  ADDED_AGAIN,
  ADDED_BOTH,
  ADDED_LAST,
  ALL_CLAIMED,
  adding,
  BEATING,
  COMPLETED,
  claimed,
  claiming,
  DELETING,
  EXPIRED,
  GETTING,
  GONE,
  given,
  historyOf,
  LAST,
  moved,
  moving,
  NOTHING,
  OTHER_CLAIMED,
  PURGED,
  REFUSED_AS_STARTED,
  STARTED,
  shown,
  stored,
  TASK,
  TICK,
  UNAVAILABLE,
  UNKNOWN,
  undated,
} from './exchanges.ts';
import { claimRefusal, descriptionBy, type ModelTask } from './task.ts';

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
        [[claiming('y'), given({ ...claimed('y', 6), ...EXPIRED })]],
      ],
      [stored({ ...claimed('y', 6), ...EXPIRED })],
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
    [
      'a claim that is told to wait for the lease of another',
      [[ADDED], [[claiming('x'), given(claimed('x', 5))]], [[claiming('y'), ALL_CLAIMED]]],
      [stored(claimed('x', 5))],
    ],
    ['an unknown write that is carried out after the end', [[[adding(TASK), UNKNOWN]]], []],
    [
      'requests without an answer that came to nothing',
      [[ADDED], [[moving('in_progress'), UNAVAILABLE]], [[GETTING, UNAVAILABLE]]],
      [stored(TASK)],
    ],
  ] as const)('the checker accepts %s', (_, steps, table) => {
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
      'a read that misses an acknowledged move',
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
          [claiming('y'), given({ ...claimed('y', 6), ...EXPIRED })],
        ],
      ],
      [stored({ ...claimed('y', 6), ...EXPIRED })],
      'No order',
    ],
    [
      'a token that does not grow',
      [
        [ADDED],
        [[claiming('x'), given(claimed('x', 5))]],
        [TICK],
        [[claiming('y'), given({ ...claimed('y', 5), ...EXPIRED })]],
      ],
      [stored({ ...claimed('y', 5), ...EXPIRED })],
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
    [
      'a claim that is told of nothing while another has a task',
      [[ADDED], [[claiming('x'), given(claimed('x', 5))]], [[claiming('y'), NOTHING]]],
      [stored(claimed('x', 5))],
      'No order',
    ],
    [
      'a claim that is told to wait less than the lease lasts',
      [[ADDED], [[claiming('x'), given(claimed('x', 5))]], [[claiming('y'), { ...ALL_CLAIMED, wait: 300 }]]],
      [stored(claimed('x', 5))],
      'No order',
    ],
    [
      'a claim that is told to wait for a lease that is over',
      [[ADDED_LAST], [[claiming('x'), given(LAST)]], [TICK], [[claiming('y'), ALL_CLAIMED]]],
      [stored({ ...LAST, status: 'failed', claim: null, ...EXPIRED })],
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
  ] as const)('the checker refuses %s', (_, steps, table, violation) => {
    expect(violationsIn(historyOf(steps, table)).join('\n')).toContain(violation);
  });
});

describe('the history checker, of tasks that are gone', () => {
  it.each([
    ['a deletion', [[ADDED], [[DELETING, PURGED]], [[GETTING, GONE]]], [], [TASK]],
    ['an unknown deletion', [[ADDED], [[DELETING, UNKNOWN]], [[GETTING, GONE]]], [], [TASK]],
    [
      'a task of the same id after it',
      [[ADDED], [[DELETING, PURGED]], [ADDED]],
      [stored(ADDED_AGAIN)],
      [TASK, ADDED_AGAIN],
    ],
  ] as const)('the checker accepts %s', (_, steps, table, created) => {
    expect(violationsIn(historyOf(steps, table, created))).toEqual([]);
  });

  it.each([
    ['a deletion that is lost', [[ADDED], [[DELETING, PURGED]]], [stored(TASK)], [TASK]],
    ['a deletion that nobody asked for', [[ADDED]], [], [TASK]],
    [
      'a deletion that succeeds twice',
      [
        [ADDED],
        [
          [DELETING, PURGED],
          [DELETING, PURGED],
        ],
      ],
      [],
      [TASK],
    ],
    ['a deletion that is told that it came too late', [[ADDED], [[DELETING, GONE]]], [], [TASK]],
  ] as const)('the checker refuses %s', (_, steps, table, created) => {
    expect(violationsIn(historyOf(steps, table, created)).join('\n')).toContain('No order');
  });
});

it('the checker finds tasks that nobody will be given any more', () => {
  const history = { ...historyOf([[ADDED]], [stored(TASK)]), isDrained: true };
  expect(violationsIn(history).join('\n')).toContain('A stranded task');
});

it('the checker finds a task that was given before its needs were met', () => {
  const task = { ...claimed('x', 5), unmet: 1 };
  const history = historyOf([[ADDED], [[claiming('x'), given(task)]]], [stored(task)]);
  expect(violationsIn(history).join('\n')).toContain('A task that was given before its needs were met');
});

it('the checker asks of nobody to work off what is blocked', () => {
  const blocked = { ...stored(TASK), unmet: 1 };
  const history = { ...historyOf([[ADDED]], [blocked]), isDrained: true };
  expect(violationsIn(history).join('\n')).not.toContain('A stranded task');
});

describe('the history checker and a claim that waits', () => {
  const FAILED: ModelTask = { ...LAST, ...EXPIRED, status: 'failed', claim: null };
  const NEW: ModelTask = { ...TASK, task: '-2', description: descriptionBy(5) };
  const TAKEN: ModelTask = { ...claimed('y', 6), task: '-2', description: descriptionBy(5) };

  /** Its task fails before another is added, and that is the one it gets. */
  const historyOfClaim = (wait: number | undefined) => {
    const steps = [
      [ADDED_LAST],
      [[claiming('x'), given(LAST)]],
      [TICK],
      [[GETTING, shown(FAILED)]],
      [[adding(NEW), { status: 200, tasks_added: 1, task_ids: ['-2'] }]],
      [[{ ...claiming('y'), wait }, given(TAKEN)]],
    ] as const;
    const history = historyOf(steps, [stored(FAILED), stored(TAKEN)]);
    // The claim is sent before the task is seen to have failed.
    const entries = history.entries.map((entry, at) => (at === 5 ? { ...entry, sent: 6 } : entry));
    return { ...history, entries };
  };

  it('a claim that waits may give up on a task before it gets another', () => {
    expect(violationsIn(historyOfClaim(3))).toEqual([]);
  });

  it('a claim that does not wait does both at once', () => {
    expect(violationsIn(historyOfClaim(undefined)).join('\n')).toContain('No order explains');
  });
});
