import type { NeedCondition, NeedKind, NeedState, OnFailure } from './graph.ts';
import type { Status } from './task.ts';

/** What has to hold before a claim is given a task. */
export const CONDITIONS = [
  'status',
  'needs',
  'inputs',
  'not_before',
  'retry',
  'lease',
  'attempts',
  'pause',
  'scope',
] as const;

export type ConditionName = (typeof CONDITIONS)[number];

/** A call by the name of its operation; each door knows its own way to make it. */
export interface Call {
  readonly operation: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Condition {
  readonly condition: ConditionName;
  readonly met: boolean;
  readonly fact: string;
  readonly calls: Call[];
}

export interface ExplainedNeed {
  readonly kind: NeedKind;
  readonly need: string;
  readonly when: NeedCondition;
  readonly group: string | null;
  readonly on_failure: OnFailure;
  readonly state: NeedState;
  readonly task_id: string | null;
  readonly status: Status | null;
  readonly holder: string | null;
}

/** A task and all that decides on it, as it was at one moment; moments are texts in ISO 8601. */
export interface Explained {
  readonly task_id: string;
  readonly project_id: string;
  readonly status: Status;
  readonly not_before: string | null;
  readonly retry_at: string | null;
  readonly lease_expires_at: string | null;
  readonly claimed_by: string | null;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly expiries: number;
  readonly expiries_left: boolean;
  readonly is_early: boolean;
  readonly is_pausing: boolean;
  readonly is_leased: boolean;
  readonly paused: { readonly reason: string; readonly until: string | null } | null;
  readonly needs: readonly ExplainedNeed[];
}

type Rule = (task: Explained, mayWrite: boolean) => Omit<Condition, 'condition'>;

const met = (fact: string) => ({ met: true, fact, calls: [] });
const unmet = (fact: string, ...calls: Call[]) => ({ met: false, fact, calls });

const addressOf = ({ task_id, project_id }: Explained) => ({ task_id, project: project_id });
const resetOf = (task_id: string, project: string): Call => ({
  operation: 'move_task',
  arguments: { task_id, project, status: 'pending', reset: true },
});

const NEEDS_IN_FACT = 5;

/** An import may bring a need before the task that it names. */
function absence(kind: NeedKind, state: NeedState): string {
  if (kind === 'artifact') return 'no task makes';
  return state === 'waiting' ? 'is not there yet' : 'is deleted or archived';
}

function told({ kind, need, task_id, status, holder, state }: ExplainedNeed): string {
  const name = kind === 'artifact' ? `the artifact ${need}` : need;
  const maker = kind === 'artifact' ? ` of ${task_id}` : '';
  if (task_id === null) return `${name}, which ${absence(kind, state)}`;
  const work = holder === null ? '' : ` under ${holder}`;
  const end = state === 'failed' ? ', and so can no longer be met' : '';
  return `${name}${maker}, which is ${status}${work}${end}`;
}

/** The two ways out for one need: let it be met, or do without. */
function waysOut(task: Explained, need: ExplainedNeed): Call[] {
  const { project_id } = task;
  const revive = need.state === 'failed' && need.task_id !== null ? [resetOf(need.task_id, project_id)] : [];
  const without: Call =
    need.kind === 'task'
      ? { operation: 'delete_need', arguments: { ...addressOf(task), need: need.need } }
      : { operation: 'provide_artifact', arguments: { name: need.need, project: project_id } };
  return [...revive, without];
}

/** Needs of one kind whose group is not met. */
function openNeeds({ needs }: Explained, kind: NeedKind): ExplainedNeed[] {
  const groupOf = ({ group, need }: ExplainedNeed) => group ?? `${need} alone`;
  const done = new Set(needs.filter(({ state }) => state === 'met').map(groupOf));
  return needs.filter((need) => need.kind === kind && !done.has(groupOf(need)));
}

const needsRule =
  (kind: NeedKind, none: string): Rule =>
  (task) => {
    const open = openNeeds(task, kind);
    if (open.length === 0) return met(none);
    const shown = open.slice(0, NEEDS_IN_FACT);
    const more = open.length > shown.length ? `; and for ${open.length - shown.length} more` : '';
    return unmet(
      `It waits for ${shown.map(told).join('; for ')}${more}`,
      ...shown.flatMap((need) => waysOut(task, need)),
    );
  };

/** Every condition has its rule. */
const RULES: Readonly<Record<ConditionName, Rule>> = {
  status: (task) => {
    const { status, is_leased, claimed_by } = task;
    if (status === 'pending') return met('The task is pending');
    if (status === 'in_progress' && claimed_by !== null && !is_leased)
      return met('The task is in progress, and its lease has expired');
    return status === 'in_progress'
      ? unmet('The task is in progress')
      : unmet(`The task is ${status}`, resetOf(task.task_id, task.project_id));
  },
  needs: needsRule('task', 'Every need is met'),
  inputs: needsRule('artifact', 'Every input that counts is there'),
  not_before: (task) => {
    if (!task.is_early) return met('It is due');
    return unmet(`It is not due before ${task.not_before}`, {
      operation: 'edit_task',
      arguments: { ...addressOf(task), not_before: null },
    });
  },
  retry: ({ retry_at, is_pausing }) =>
    is_pausing ? unmet(`It is tried again at ${retry_at}`) : met('No pause after a failure'),
  lease: (task) => {
    const { claimed_by, lease_expires_at, is_leased } = task;
    if (!is_leased) return met('Nobody has a live claim on it');
    return unmet(`${claimed_by} has claimed it until ${lease_expires_at}`, {
      operation: 'move_task',
      arguments: { ...addressOf(task), status: 'pending', reset: true, force: true },
    });
  },
  attempts: ({ attempt, max_attempts, expiries, expiries_left }) =>
    expiries_left
      ? met(`Attempt ${attempt} of ${max_attempts}, and ${expiries} leases have expired`)
      : unmet('Its last lease has expired: it fails with the next claim in the project'),
  pause: ({ paused, project_id }) => {
    if (paused === null) return met('The project is not paused');
    const until = paused.until === null ? '' : ` until ${paused.until}`;
    return unmet(`The project is paused${until}: ${paused.reason}`, {
      operation: 'put_project',
      arguments: { project_id, paused: null },
    });
  },
  scope: (_, mayWrite) =>
    mayWrite
      ? met('Your credential may claim')
      : unmet('Your credential lacks the scope write, which a claim needs'),
};

/** Says of each condition whether it is met, how it stands, and what would change it. */
export function explain(task: Explained, mayWrite: boolean): Condition[] {
  return CONDITIONS.map((condition) => ({ condition, ...RULES[condition](task, mayWrite) }));
}
