import { describe, expect, it } from 'vitest';
import { violationsIn } from './checker.ts';
import {
  ADDED_BOTH,
  adding,
  claimed,
  EDITED,
  EDITING,
  historyOf,
  moved,
  OTHER,
  stored,
  TASK,
} from './exchanges.ts';
import type { History } from './history.ts';
import type { BulkIntent, ClaimIntent, Intent, View } from './intent.ts';
import { type ModelTask, viewOfTask } from './task.ts';

const CANCELLING: BulkIntent = {
  kind: 'bulk',
  project: 'a',
  change: { action: 'cancel', force: false, notes: 'absent' },
  target: { status: 'pending', holder: undefined, priority: undefined },
  limit: undefined,
  expect: undefined,
  dry: false,
  again: undefined,
};
const changed = (...task_ids: readonly string[]): View => {
  const all = { matched: task_ids.length, changed: task_ids.length, task_ids, skipped: [], has_more: false };
  return { status: 200, ...all };
};
const cancelled = (task: ModelTask): ModelTask => ({ ...task, status: 'cancelled' });

const claimingTwo = (agent: string): ClaimIntent => ({
  kind: 'claim',
  project: 'a',
  agent,
  capacity: 2,
  count: 2,
  lease: undefined,
  wait: undefined,
  again: undefined,
});
const FIRST = claimed('x', 5);
const SECOND: ModelTask = { ...claimed('x', 6), task: '-2' };
function given(...tasks: readonly ModelTask[]): View {
  const claims = tasks.map((task) => ({
    task: viewOfTask(task),
    claim: { agent: task.claim?.agent, token: task.claim?.token, attempt: task.attempt },
  }));
  return { status: 200, reason: 'claimed', ...claims[0], claims };
}
const THIRD: ModelTask = { ...TASK, task: '-3' };
const ADDED_THIRD: readonly [Intent, View] = [
  adding(THIRD),
  { status: 200, tasks_added: 1, task_ids: ['-3'] },
];

/** The history with its last entry sent as the others began that come after the first. */
function withLastFromTheStart(history: History): History {
  const last = history.entries.at(-1);
  const entries = history.entries.map((entry) => (entry === last ? { ...entry, sent: 1.5 } : entry));
  return { ...history, entries };
}

describe('the history checker and requests about many tasks', () => {
  it.each([
    [
      'tasks that are all cancelled at once',
      [[ADDED_BOTH], [[CANCELLING, changed('-1', '-2')]]],
      [cancelled(TASK), cancelled(OTHER)],
    ],
    [
      'a claim of as many tasks as it asks for',
      [[ADDED_BOTH], [[claimingTwo('x'), given(FIRST, SECOND)]]],
      [FIRST, SECOND],
    ],
    [
      'a change that passes over what another has claimed',
      [
        [ADDED_BOTH],
        [
          [claimingTwo('x'), given(FIRST, SECOND)],
          [CANCELLING, changed()],
        ],
      ],
      [FIRST, SECOND],
    ],
  ] as const)('the checker accepts %s', (_, steps, table) => {
    expect(violationsIn(historyOf(steps, table.map(stored)))).toEqual([]);
  });

  const EDITED_AND_ADDED = historyOf(
    [
      [ADDED_BOTH],
      [ADDED_THIRD],
      [[EDITING, moved({ ...EDITED, labels: ['edit 3'] })]],
      [[CANCELLING, changed('-1', '-2')]],
    ],
    [
      cancelled({ ...EDITED, labels: ['edit 3'] }),
      cancelled(OTHER),
      { ...THIRD, description: 'added by 2' },
    ].map(stored),
  );

  it('the checker accepts a change that began before a task was added, and ended after another was edited', () => {
    expect(violationsIn(withLastFromTheStart(EDITED_AND_ADDED))).toEqual([]);
  });

  it.each([
    ['a change that misses a task', EDITED_AND_ADDED],
    [
      'a change that tells of a task which it left as it was',
      historyOf([[ADDED_BOTH], [[CANCELLING, changed('-1', '-2')]]], [cancelled(TASK), OTHER].map(stored)),
    ],
    [
      'a change that tells of less than it did',
      historyOf(
        [[ADDED_BOTH], [[CANCELLING, changed('-1')]]],
        [cancelled(TASK), cancelled(OTHER)].map(stored),
      ),
    ],
    [
      'a change of another number of tasks than expected',
      historyOf(
        [[ADDED_BOTH], [[{ ...CANCELLING, expect: 1 }, changed('-1', '-2')]]],
        [cancelled(TASK), cancelled(OTHER)].map(stored),
      ),
    ],
    [
      'a dry run that changes tasks',
      historyOf(
        [[ADDED_BOTH], [[{ ...CANCELLING, dry: true }, changed('-1', '-2')]]],
        [cancelled(TASK), cancelled(OTHER)].map(stored),
      ),
    ],
    [
      'a claim of two tasks that gives one twice',
      historyOf([[ADDED_BOTH], [[claimingTwo('x'), given(FIRST, FIRST)]]], [FIRST, OTHER].map(stored)),
    ],
    [
      'a claim of two tasks that leaves one which nobody has locked',
      historyOf([[ADDED_BOTH], [[claimingTwo('x'), given(FIRST)]]], [FIRST, OTHER].map(stored)),
    ],
    [
      'a claim of two tasks under one token',
      historyOf(
        [[ADDED_BOTH], [[claimingTwo('x'), given(FIRST, { ...claimed('x', 5), task: '-2' })]]],
        [FIRST, { ...claimed('x', 5), task: '-2' }].map(stored),
      ),
    ],
    [
      'claims that give one task to two agents',
      historyOf(
        [
          [ADDED_BOTH],
          [
            [claimingTwo('x'), given(FIRST, SECOND)],
            [claimingTwo('y'), given({ ...claimed('y', 7), task: '-2' })],
          ],
        ],
        [FIRST, { ...claimed('y', 7), task: '-2' }].map(stored),
      ),
    ],
  ])('the checker refuses %s', (_, history) => {
    expect(violationsIn(history).join('\n')).toContain('No order');
  });
});
