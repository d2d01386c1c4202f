import { describe, expect, it } from 'vitest';
import { type ConditionName, type Explained, type ExplainedNeed, explain } from '../../src/domain/explain.ts';

const READY: Explained = {
  task_id: 'A-1',
  project_id: 'p',
  status: 'pending',
  not_before: null,
  retry_at: null,
  lease_expires_at: null,
  claimed_by: null,
  attempt: 0,
  max_attempts: 3,
  expiries: 0,
  expiries_left: true,
  is_early: false,
  is_pausing: false,
  is_leased: false,
  paused: null,
  needs: [],
};

const NEED: ExplainedNeed = {
  kind: 'task',
  need: 'B-1',
  when: 'completed',
  group: null,
  on_failure: 'block',
  state: 'waiting',
  task_id: 'B-1',
  status: 'pending',
  holder: null,
};

const LATER = '2030-01-01T00:00:00.000Z';

function conditionOf(name: ConditionName, task: Partial<Explained>, mayWrite = true) {
  const found = explain({ ...READY, ...task }, mayWrite).find(({ condition }) => condition === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

const withNeed = (need: Partial<ExplainedNeed>, ...more: Partial<ExplainedNeed>[]) => ({
  needs: [need, ...more].map((one) => ({ ...NEED, ...one })),
});

describe('the explanation of a task', () => {
  it('every condition of a task that is ready is met, and nothing would change it', () => {
    for (const { met, calls } of explain(READY, true))
      expect({ met, calls }).toEqual({ met: true, calls: [] });
  });

  it.each<[ConditionName, Partial<Explained>, string, ...string[]]>([
    ['status', { status: 'in_progress' }, 'The task is in progress'],
    ['status', { status: 'cancelled' }, 'The task is cancelled', 'move_task'],
    ['needs', withNeed({}), 'It waits for B-1, which is pending', 'delete_need'],
    [
      'needs',
      withNeed({ status: 'in_progress', holder: 'x' }),
      'It waits for B-1, which is in_progress under x',
      'delete_need',
    ],
    [
      'needs',
      withNeed({ state: 'failed', status: 'failed' }),
      'It waits for B-1, which is failed, and so can no longer be met',
      'move_task',
      'delete_need',
    ],
    [
      'needs',
      withNeed({ state: 'failed', task_id: null, status: null }),
      'It waits for B-1, which is deleted or archived',
      'delete_need',
    ],
    [
      'needs',
      withNeed({}, ...Array.from({ length: 5 }, (_, n) => ({ need: `C-${n}`, task_id: `C-${n}` }))),
      'It waits for B-1, which is pending; for C-0, which is pending; for C-1, which is pending; for C-2, which is pending; for C-3, which is pending; and for 1 more',
      ...Array.from({ length: 5 }, () => 'delete_need'),
    ],
    [
      'inputs',
      withNeed({ kind: 'artifact', need: 'PRD' }),
      'It waits for the artifact PRD of B-1, which is pending',
      'provide_artifact',
    ],
    [
      'inputs',
      withNeed({ kind: 'artifact', need: 'PRD', task_id: null, status: null }),
      'It waits for the artifact PRD, which no task makes',
      'provide_artifact',
    ],
    ['not_before', { is_early: true, not_before: LATER }, `It is not due before ${LATER}`, 'edit_task'],
    ['retry', { is_pausing: true, retry_at: LATER }, `It is tried again at ${LATER}`],
    [
      'lease',
      { is_leased: true, claimed_by: 'x', lease_expires_at: LATER },
      `x has claimed it until ${LATER}`,
      'move_task',
    ],
    [
      'attempts',
      { expiries_left: false },
      'Its last lease has expired: it fails with the next claim in the project',
    ],
    ['pause', { paused: { reason: 'Down', until: null } }, 'The project is paused: Down', 'put_project'],
    [
      'pause',
      { paused: { reason: 'Down', until: LATER } },
      `The project is paused until ${LATER}: Down`,
      'put_project',
    ],
  ])('of %s, where %o, it says so and which calls would change it', (name, task, fact, ...operations) => {
    const { met, fact: told, calls } = conditionOf(name, task);
    expect({ met, fact: told, operations: calls.map(({ operation }) => operation) }).toEqual({
      met: false,
      fact,
      operations,
    });
  });

  it('a group with one met need waits for none of the others', () => {
    const task = withNeed({ group: 'any' }, { group: 'any', need: 'C-1', state: 'met', status: 'completed' });
    expect(conditionOf('needs', task)).toMatchObject({ met: true });
  });

  it('an expired lease leaves the task to others', () => {
    const task = { status: 'in_progress', claimed_by: 'x', lease_expires_at: LATER } as const;
    expect(conditionOf('status', task)).toMatchObject({
      met: true,
      fact: expect.stringContaining('expired'),
    });
  });

  it('a credential that may only read cannot claim', () => {
    expect(conditionOf('scope', {}, false)).toMatchObject({
      met: false,
      fact: expect.stringContaining('write'),
    });
  });
});
