import { CONDITIONS, type ConditionName, type Explained, explain } from '../../src/domain/explain.ts';
import { ENDS, FAILURES, NEED_CONDITIONS, NEED_OUTCOMES, ON_FAILURE } from '../../src/domain/graph.ts';
import { tableOf } from './table.ts';

/** The states of a need as a Mermaid diagram, made from the table of needs. */
export function needDiagram(): string {
  const lines = (['met', 'failed'] as const).flatMap((state) =>
    ENDS.flatMap((end) => {
      const asking = NEED_CONDITIONS.filter((condition) => NEED_OUTCOMES[condition][end] === state);
      return asking.length === 0 ? [] : [`waiting --> ${state}: ${end}, when ${asking.join(' or ')}`];
    }),
  );
  const ignored = ON_FAILURE.filter((one) => FAILURES[one].state === 'met');
  return [
    'stateDiagram-v2',
    '    [*] --> waiting',
    ...lines.map((line) => `    ${line}`),
    `    failed --> met: at once, on_failure ${ignored.join(' or ')}`,
    '    met --> waiting: the task is reset',
    '    failed --> waiting: the task is reset',
  ].join('\n');
}

/** What a need comes to, by the end of its task. */
export function needTable(): string {
  const rows = NEED_CONDITIONS.map((condition) => [
    `\`${condition}\``,
    ...ENDS.map((end) => NEED_OUTCOMES[condition][end]),
  ]);
  return tableOf(['`when`', ...ENDS.map((end) => `the task is ${end}`)], rows);
}

/** What becomes of a task whose need has failed. */
export function failureTable(): string {
  return tableOf(
    ['`on_failure`', 'what becomes of the task'],
    ON_FAILURE.map((one) => [`\`${one}\``, FAILURES[one].effect]),
  );
}

const READY: Explained = {
  task_id: 'DOC-2',
  project_id: 'graph',
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

const TERMS = { when: 'completed', group: null, on_failure: 'block', holder: null } as const;
const LATER = '2026-01-31T09:00:00.000Z';

/** For each condition, a task that does not meet it. */
const UNMET: Readonly<Record<ConditionName, Partial<Explained>>> = {
  status: { status: 'cancelled' },
  needs: {
    needs: [{ ...TERMS, kind: 'task', need: 'DOC-1', state: 'failed', task_id: 'DOC-1', status: 'failed' }],
  },
  inputs: {
    needs: [{ ...TERMS, kind: 'artifact', need: 'PRD-1', state: 'waiting', task_id: null, status: null }],
  },
  not_before: { is_early: true, not_before: LATER },
  retry: { is_pausing: true, retry_at: LATER },
  lease: { is_leased: true, claimed_by: 'agent-7', lease_expires_at: LATER },
  attempts: { expiries_left: false },
  pause: { paused: { reason: 'The model is down', until: null } },
  scope: {},
};

/** The conditions of a claim as `explain` tells them of a task that does not meet one, and the calls that it names. */
export function conditionTable(): string {
  const rows = CONDITIONS.map((name) => {
    const found = explain({ ...READY, ...UNMET[name] }, name !== 'scope').find(
      ({ condition, met }) => condition === name && !met,
    );
    if (found === undefined) throw new TypeError(`The example of ${name} meets it`);
    const calls = [...new Set(found.calls.map(({ operation }) => `\`${operation}\``))];
    return [`\`${name}\``, found.fact, calls.join(', ')];
  });
  return tableOf(['condition', 'for example', 'changed by'], rows);
}
