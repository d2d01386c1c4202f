import { describe, expect, it } from 'vitest';
import {
  type Call,
  type ConditionName,
  type Explained,
  type ExplainedNeed,
  explain,
} from '../../src/domain/explain.ts';

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

const reset = (task_id: string): Call => ({
  operation: 'move_task',
  arguments: { task_id, project: 'p', status: 'pending', reset: true },
});
const without = (need: string): Call => ({
  operation: 'delete_need',
  arguments: { task_id: 'A-1', project: 'p', need },
});
const UNPAUSED: Call = { operation: 'put_project', arguments: { project_id: 'p', paused: null } };

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

  it.each<[ConditionName, Partial<Explained>, string, ...Call[]]>([
    ['status', { status: 'in_progress' }, 'The task is in progress'],
    ['status', { status: 'cancelled' }, 'The task is cancelled', reset('A-1')],
    ['needs', withNeed({}), 'It waits for B-1, which is pending', without('B-1')],
    [
      'needs',
      withNeed({ status: 'in_progress', holder: 'x' }),
      'It waits for B-1, which is in_progress under x',
      without('B-1'),
    ],
    [
      'needs',
      withNeed({ state: 'failed', status: 'failed' }),
      'It waits for B-1, which is failed, and so can no longer be met',
      reset('B-1'),
      without('B-1'),
    ],
    [
      'needs',
      withNeed({ state: 'failed', task_id: null, status: null }),
      'It waits for B-1, which is deleted or archived',
      without('B-1'),
    ],
    [
      'needs',
      withNeed({}, ...Array.from({ length: 5 }, (_, n) => ({ need: `C-${n}`, task_id: `C-${n}` }))),
      'It waits for B-1, which is pending; for C-0, which is pending; for C-1, which is pending; for C-2, which is pending; for C-3, which is pending; and for 1 more',
      ...['B-1', 'C-0', 'C-1', 'C-2', 'C-3'].map(without),
    ],
    [
      'inputs',
      withNeed({ kind: 'artifact', need: 'PRD' }),
      'It waits for the artifact PRD of B-1, which is pending',
      { operation: 'provide_artifact', arguments: { name: 'PRD', project: 'p' } },
    ],
    [
      'inputs',
      withNeed({ kind: 'artifact', need: 'PRD', task_id: null, status: null }),
      'It waits for the artifact PRD, which no task makes',
      { operation: 'provide_artifact', arguments: { name: 'PRD', project: 'p' } },
    ],
    [
      'not_before',
      { is_early: true, not_before: LATER },
      `It is not due before ${LATER}`,
      {
        operation: 'edit_task',
        arguments: { task_id: 'A-1', project: 'p', not_before: null },
      },
    ],
    ['retry', { is_pausing: true, retry_at: LATER }, `It is tried again at ${LATER}`],
    [
      'lease',
      { is_leased: true, claimed_by: 'x', lease_expires_at: LATER },
      `x has claimed it until ${LATER}`,
      { operation: 'move_task', arguments: { ...reset('A-1').arguments, force: true } },
    ],
    [
      'attempts',
      { expiries_left: false },
      'Its last lease has expired: it fails with the next claim in the project',
    ],
    ['pause', { paused: { reason: 'Down', until: null } }, 'The project is paused: Down', UNPAUSED],
    [
      'pause',
      { paused: { reason: 'Down', until: LATER } },
      `The project is paused until ${LATER}: Down`,
      UNPAUSED,
    ],
  ])('of %s, where %o, it says so and which calls would change it', (name, task, fact, ...calls) => {
    expect(conditionOf(name, task)).toEqual({ condition: name, met: false, fact, calls });
  });

  it.each<[ConditionName, Partial<Explained>, string]>([
    ['status', {}, 'The task is pending'],
    ['needs', {}, 'Every need is met'],
    ['inputs', {}, 'Every input that counts is there'],
    ['not_before', {}, 'It is due'],
    ['retry', {}, 'No pause after a failure'],
    ['lease', {}, 'Nobody has a live claim on it'],
    ['attempts', { attempt: 1, expiries: 2 }, 'Attempt 1 of 3, and 2 leases have expired'],
    ['pause', {}, 'The project is not paused'],
    ['scope', {}, 'Your credential may claim'],
  ])('of %s, where %o, it says that it is met', (name, task, fact) => {
    expect(conditionOf(name, task)).toEqual({ condition: name, met: true, fact, calls: [] });
  });

  it('a need that an import brought before its task waits for it to come', () => {
    const task = withNeed({ task_id: null, status: null });
    expect(conditionOf('needs', task).fact).toBe('It waits for B-1, which is not there yet');
  });

  it('needs without a group stand for themselves', () => {
    const task = withNeed({ state: 'met', status: 'completed' }, { need: 'C-1', task_id: 'C-1' });
    expect(conditionOf('needs', task).fact).toBe('It waits for C-1, which is pending');
  });

  it('a group with one met need waits for none of the others', () => {
    const task = withNeed({ group: 'any' }, { group: 'any', need: 'C-1', state: 'met', status: 'completed' });
    expect(conditionOf('needs', task)).toMatchObject({ met: true });
  });

  it('an expired lease leaves the task to others', () => {
    const task = { status: 'in_progress', claimed_by: 'x', lease_expires_at: LATER } as const;
    expect(conditionOf('status', task)).toMatchObject({
      met: true,
      fact: 'The task is in progress, and its lease has expired',
    });
  });

  it('a credential that may only read cannot claim', () => {
    expect(conditionOf('scope', {}, false)).toMatchObject({
      met: false,
      fact: 'Your credential lacks the scope write, which a claim needs',
    });
  });
});
