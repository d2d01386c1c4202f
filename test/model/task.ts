import type { CreatedTask, MoveIntent, NeedTerms, Status, TaskKey, View } from './intent.ts';

/** The transition table, written out here so that a change of the service's own is noticed. */
export const EXITS: Readonly<
  Record<Status, { readonly move: readonly Status[]; readonly reset: readonly Status[] }>
> = {
  pending: { move: ['in_progress', 'cancelled'], reset: [] },
  in_progress: { move: ['completed', 'failed', 'cancelled'], reset: ['pending'] },
  completed: { move: [], reset: ['pending'] },
  failed: { move: [], reset: ['pending'] },
  cancelled: { move: [], reset: ['pending'] },
};

/** A claim on a task; its token is a text while nobody has been told it. */
export interface ModelClaim {
  readonly agent: string;
  readonly token: number | string;
  readonly live: boolean;
  /** The length of its lease, in seconds. */
  readonly lease: number;
}

/** A task as far as the model follows it. */
export interface ModelTask extends CreatedTask {
  readonly status: Status;
  /** Its place in the order of creation, where no other is known. */
  readonly born: number;
  readonly revision: number;
  readonly labels: readonly string[];
  /** The texts of its notes, the oldest first. */
  readonly noted: readonly string[];
  readonly notes: string | null;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly attempt: number;
  /** Whether its not_before lies ahead. */
  readonly early: boolean;
  /** Where its retry_at lies. */
  readonly retry: 'none' | 'ahead' | 'past';
  /** At most how many seconds away a retry_at that lies ahead is. */
  readonly pause: number;
  /** Whether it has become due without anybody having written it since; a claim may have that locked for a moment. */
  readonly putOff: boolean;
  readonly error: string | null;
  readonly claim: ModelClaim | null;
  /** The token that its last move had. */
  readonly movedBy: number | null;
  /** The greatest token that a claim of it is known to have had. */
  readonly lastToken: number;
  /** The token of the last claim, even after its end; a text while nobody has been told it. */
  readonly lastClaim: number | string | null;
  readonly expiries: number;
  readonly checkpoint: number | null;
  /** In percent. */
  readonly progress: number | null;
  /** What the completion told, and the names of what it made. */
  readonly result: Made | null;
  readonly artifacts: readonly string[];
  /** That of the most urgent task that waits for it. */
  readonly effective: number;
  /** All that it needs, in the order in which it is shown. */
  readonly needs: readonly Need[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The artifacts that it stands for: its outputs, where they count. */
  readonly makes: readonly string[];
  /** Groups of needs without one that is met, and those of them whose needs have all failed. */
  readonly unmet: number;
  readonly stuck: number;
  readonly stale: boolean;
}

/** What a task needs, and how that stands. */
export interface Need extends Pick<NeedTerms, 'need' | 'when' | 'onFailure'> {
  readonly kind: 'task' | 'artifact';
  readonly group: string;
  /** The task that decides; null where there is none. */
  readonly parent: string | null;
  readonly state: 'waiting' | 'met' | 'failed';
}

/** A result that tells which operation gave it. */
export interface Made {
  readonly by: number;
}

/** Whether both name one task. */
export function sameTask(one: TaskKey, other: TaskKey): boolean {
  return one.project === other.project && one.task === other.task;
}

/** The error that a move to failed gives. */
export function errorBy(number: number): string {
  return `error ${number}`;
}

/** What the completion by an operation leaves, as far as it says anything. */
export function madeBy(
  { to, result, artifacts }: Pick<MoveIntent, 'to' | 'result' | 'artifacts'>,
  number: number,
): { readonly result?: Made; readonly artifacts?: readonly string[] } {
  if (to !== 'completed') return {};
  return {
    ...(result && { result: { by: number } }),
    ...(artifacts && { artifacts: [`artifact ${number}`] }),
  };
}

/** The progress that a heartbeat tells, in percent. */
export function percentBy(number: number): number {
  return number % 101;
}

/** The label that an edit sets. */
export function labelBy(number: number): string {
  return `edit ${number}`;
}

/** The text of the note that an operation adds. */
export function noteBy(number: number): string {
  return `noted by ${number}`;
}

/** The description that an operation gives to the tasks that it adds. */
export function descriptionBy(number: number): string {
  return `added by ${number}`;
}

/** A task as an answer shows it. */
export type ShownTask = Readonly<{
  project: string;
  task: string;
  status: Status;
  description: string;
  notes: string | null;
  priority: number;
  maxAttempts: number;
  attempt: number;
  expiries: number;
  progress: number | null;
  result: Made | null;
  artifacts: readonly string[];
  error: string | null;
  completed: boolean;
  retries: boolean;
  holder: string | null;
  /** Null once the task has ended: nobody goes by it then. */
  effective: number | null;
  unmet: number;
  stuck: number;
  stale: boolean;
  revision: number;
  labels: readonly string[];
  /** How many notes it has. */
  noted: number;
}>;

export function viewOfTask(task: ModelTask): ShownTask {
  const { project, task: id, status, description, notes, priority, maxAttempts, attempt, expiries } = task;
  const { progress, result, artifacts, error, retry, claim, unmet, stuck, stale, revision, labels } = task;
  return {
    ...{ project, task: id, status, description, notes, priority, maxAttempts, attempt, expiries },
    ...{ progress, result, artifacts, error, unmet, stuck, stale, revision, labels },
    noted: task.noted.length,
    effective: isLive(status) ? task.effective : null,
    completed: task.status === 'completed',
    retries: retry !== 'none',
    holder: claim?.agent ?? null,
  };
}

export function isDue(task: ModelTask): boolean {
  return task.status === 'pending' && task.unmet === 0 && !task.early && task.retry !== 'ahead';
}

/** Whether a task has not ended. */
export function isLive(status: string): boolean {
  return status === 'pending' || status === 'in_progress';
}

/** The most urgent one first, of those the one that was created first. */
export function byUrgency(tasks: readonly ModelTask[]): readonly ModelTask[] {
  return tasks.toSorted((one, other) => one.effective - other.effective);
}

export function allowedFrom(status: Status) {
  return [
    ...EXITS[status].move.map((to) => ({ status: to, reset: false })),
    ...EXITS[status].reset.map((to) => ({ status: to, reset: true })),
  ];
}

export function conflict(reason: string, { status, claim: held }: ModelTask, more: View = {}) {
  return { reason, status, holder: held?.agent ?? null, allowed: allowedFrom(status), ...more };
}

export function claimRefusal(task: ModelTask): View {
  const code = task.claim === null ? 'claim_lost' : 'claimed_by_other';
  return { status: 409, code, details: conflict(code, task) };
}

export const NOT_FOUND: View = { status: 404, code: 'task_not_found' };

/** The needs of a task as an answer shows them. */
export function viewOfNeeds({ project, needs }: ModelTask, tasks: readonly ModelTask[]): readonly View[] {
  return needs.map(({ kind, need, when, group, onFailure, state, parent }) => {
    const other = tasks.find((each) => each.project === project && each.task === parent);
    const name = group.startsWith('group:') ? group.slice('group:'.length) : null;
    const terms = { kind, need, when, group: name, on_failure: onFailure, state };
    return { ...terms, task_id: other?.task ?? null, status: other?.status ?? null };
  });
}

/** In the order in which they are shown. */
export function inOrder(needs: readonly Need[]): readonly Need[] {
  const place = ({ kind, need }: Need) => `${kind === 'task' ? 0 : 1}${need}`;
  return needs.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}
