import { describe, expect, it } from 'vitest';
import { violationsIn } from './checker.ts';
import {
  ADDED,
  claimed,
  claiming,
  DELETED,
  DELETING_FOR_A_WHILE,
  EDITED,
  EDITING,
  GETTING,
  GONE,
  given,
  historyOf,
  ID_TAKEN,
  moved,
  RESERVING,
  RESTORING,
  REVISION_CONFLICT,
  reserved,
  restored,
  shown,
  stored,
  TASK,
} from './exchanges.ts';
import { viewOfTask } from './task.ts';

const CLAIMED = claimed('x', 5);
const DELETED_CLAIMED = { status: 200, deleted_task: viewOfTask(CLAIMED), id_stays_taken: true };
/** What is left of a claim that is over. */
const RELEASED = { ...TASK, lastToken: 5, lastClaim: 5 };

describe('the history checker and who keeps a list', () => {
  it.each([
    [
      'two edits of one revision of which one wins',
      [
        [ADDED],
        [
          [EDITING, moved(EDITED)],
          [EDITING, REVISION_CONFLICT],
        ],
      ],
      [stored(EDITED)],
      [TASK],
    ],
    [
      'a restored task that is as it was, without its claim',
      [
        [ADDED],
        [[claiming('x'), given(CLAIMED)]],
        [[DELETING_FOR_A_WHILE, DELETED_CLAIMED]],
        [[GETTING, GONE]],
        [[RESTORING, restored(RELEASED)]],
      ],
      [stored(RELEASED)],
      [TASK],
    ],
    [
      'an id that a deleted task has',
      [[ADDED], [[DELETING_FOR_A_WHILE, DELETED]], [[ADDED[0], ID_TAKEN]]],
      [],
      [TASK],
    ],
    ['ids that grow', [[[RESERVING, reserved('TASK-001')]], [[RESERVING, reserved('TASK-002')]]], [], []],
  ] as const)('the checker accepts %s', (_, steps, table, created) => {
    expect(violationsIn(historyOf(steps, table, created))).toEqual([]);
  });

  it.each([
    [
      'two edits of one revision that both win',
      [
        [ADDED],
        [
          [EDITING, moved(EDITED)],
          [EDITING, moved({ ...EDITED, revision: 3, labels: ['edit 3'] })],
        ],
      ],
      [stored({ ...EDITED, revision: 3, labels: ['edit 3'] })],
      [TASK],
      'No order',
    ],
    [
      'a refused edit that has happened',
      [
        [ADDED],
        [
          [
            { ...EDITING, expected: 2 },
            { ...REVISION_CONFLICT, details: { task_id: '-1', revision: 1 } },
          ],
        ],
      ],
      [stored(EDITED)],
      [TASK],
      'No order',
    ],
    [
      'an edit that leaves the revision',
      [[ADDED], [[EDITING, moved({ ...EDITED, revision: 1 })]]],
      [stored({ ...EDITED, revision: 1 })],
      [TASK],
      'No order',
    ],
    [
      'a claim that changes the revision',
      [[ADDED], [[claiming('x'), given({ ...CLAIMED, revision: 2 })]]],
      [stored({ ...CLAIMED, revision: 2 })],
      [TASK],
      'No order',
    ],
    [
      'a restored task that keeps its claim',
      [
        [ADDED],
        [[claiming('x'), given(CLAIMED)]],
        [[DELETING_FOR_A_WHILE, DELETED_CLAIMED]],
        [[RESTORING, restored(CLAIMED)]],
      ],
      [stored(CLAIMED)],
      [TASK],
      'No order',
    ],
    [
      'a deleted task that is still shown',
      [[ADDED], [[DELETING_FOR_A_WHILE, DELETED]], [[GETTING, shown(TASK)]]],
      [],
      [TASK],
      'No order',
    ],
    [
      'an id that is given twice',
      [[[RESERVING, reserved('TASK-001')]], [[RESERVING, reserved('TASK-001')]]],
      [],
      [],
      'An id that was given twice',
    ],
  ] as const)('the checker refuses %s', (_, steps, table, created, violation) => {
    expect(violationsIn(historyOf(steps, table, created)).join('\n')).toContain(violation);
  });
});
