import type { InvalidName } from './invalid-requests.ts';

/** The states of a task, as the story names them. */
export type Status = 'pending' | 'in_progress' | 'completed';

export const STATUSES: readonly Status[] = ['pending', 'in_progress', 'completed'];

/** The story's transition table, written out here so that a change of the service's own is noticed. */
const EXITS: Readonly<
  Record<Status, { readonly move: readonly Status[]; readonly reset: readonly Status[] }>
> = {
  pending: { move: ['in_progress'], reset: [] },
  in_progress: { move: ['completed'], reset: ['pending'] },
  completed: { move: [], reset: ['pending'] },
};

/** A task by its whole identity. */
export interface TaskKey {
  readonly project: string;
  readonly task: string;
}

/** A task as far as the model follows it. */
export interface ModelTask extends TaskKey {
  readonly status: Status;
  readonly description: string;
  readonly notes: string | null;
}

/** All tasks of all projects, in the order of their creation. */
export type State = readonly ModelTask[];

export const EMPTY: State = [];

/** How the notes of a move are given; a text is unique to its operation. */
export type NotesForm = 'absent' | 'null' | 'empty' | 'text';

/** What a client means to do; ids are local to the run. */
export type Intent =
  | { readonly kind: 'next'; readonly project: string; readonly status: Status | undefined }
  | {
      readonly kind: 'list';
      readonly project: string;
      readonly status: Status | undefined;
      readonly limit: number | undefined;
      /** Whether to go on from the cursor that the client was given last, if it has one. */
      readonly follow: boolean;
    }
  | { readonly kind: 'get'; readonly project: string; readonly task: string }
  | {
      readonly kind: 'move';
      readonly task: string;
      readonly project: string | undefined;
      readonly to: Status;
      readonly reset: boolean | undefined;
      readonly notes: NotesForm;
    }
  | { readonly kind: 'delete'; readonly project: string; readonly task: string }
  | { readonly kind: 'add'; readonly tasks: readonly NewModelTask[] }
  | { readonly kind: 'invalid'; readonly name: InvalidName; readonly status: number; readonly code: string };

export interface NewModelTask extends TaskKey {
  readonly status: Status | undefined;
}

/** An intent as it was sent. */
export interface Operation {
  readonly intent: Intent;
  /** Unique in its run; descriptions and notes carry it, so that each effect names its cause. */
  readonly number: number;
  /** The task behind which a page begins. */
  readonly after?: TaskKey;
}

/** The part of an answer that the model predicts, with local ids. */
export type View = Readonly<Record<string, unknown>>;

/** A rank for each task where the order of creation is known from elsewhere. */
export type Ranks = (task: TaskKey) => number;

/** Whether both name one task. */
export function sameTask(one: TaskKey, other: TaskKey): boolean {
  return one.project === other.project && one.task === other.task;
}

/** The notes that a move sends; undefined where it sends none. */
export function notesSent(form: NotesForm, number: number): string | null | undefined {
  return { absent: undefined, null: null, empty: '', text: `note ${number}` }[form];
}

/** The description that an operation gives to the tasks that it adds. */
export function descriptionBy(number: number): string {
  return `added by ${number}`;
}

/** A task as an answer shows it. */
export function viewOfTask({ project, task, status, description, notes }: ModelTask): View {
  return { project, task, status, description, notes, completed: status === 'completed' };
}

/**
 * What the API does: the state after the operation and the answer to it. The very same state comes back where
 * nothing is changed. With ranks, new tasks take the place that these give them, otherwise the last.
 */
export function step(state: State, operation: Operation, ranks?: Ranks): { state: State; view: View } {
  const { intent } = operation;
  switch (intent.kind) {
    case 'next':
      return { state, view: next(state, intent.project, intent.status ?? 'pending') };
    case 'list':
      return { state, view: list(state, intent, operation.after, ranks) };
    case 'get': {
      const found = state.find((task) => sameTask(task, intent));
      return { state, view: found ? { status: 200, task: viewOfTask(found) } : NOT_FOUND };
    }
    case 'move':
      return move(state, intent, operation.number);
    case 'delete': {
      const found = state.find((task) => sameTask(task, intent));
      if (found === undefined) return { state, view: NOT_FOUND };
      const left = state.filter((task) => task !== found);
      return { state: left, view: { status: 200, deleted_task: viewOfTask(found) } };
    }
    case 'add':
      return add(state, intent.tasks, operation.number, ranks);
    case 'invalid':
      return { state, view: { status: intent.status, code: intent.code } };
  }
}

const NOT_FOUND: View = { status: 404, code: 'task_not_found' };

function next(state: State, project: string, status: Status): View {
  const found = state.find((task) => task.project === project && task.status === status);
  if (found) return { status: 200, task: viewOfTask(found) };
  return { status: 200, task: null, message: `No ${status} tasks for project` };
}

function list(
  state: State,
  { project, status, limit = 1_000 }: Extract<Intent, { kind: 'list' }>,
  after: TaskKey | undefined,
  ranks: Ranks | undefined,
): View {
  const rank = ranks ?? ((key: TaskKey) => state.findIndex((task) => sameTask(task, key)));
  const start = after === undefined ? Number.NEGATIVE_INFINITY : rank(after);
  const found = state.filter(
    (task) =>
      task.project === project && (status === undefined || task.status === status) && rank(task) > start,
  );
  const tasks = found.slice(0, limit).map(viewOfTask);
  return { status: 200, tasks, count: tasks.length, more: found.length > limit };
}

type Result = { state: State; view: View };

function move(state: State, intent: Extract<Intent, { kind: 'move' }>, number: number): Result {
  const { task, project, to, reset = false, notes } = intent;
  const matches = state.filter((it) => it.task === task && (project === undefined || it.project === project));
  const [target, another] = matches;
  if (target === undefined) return { state, view: NOT_FOUND };
  if (another !== undefined)
    return { state, view: { status: 409, code: 'ambiguous_task', details: { task_id: task } } };
  const from = target.status;
  const exits = EXITS[from];
  const isReset = reset && exits.reset.includes(to);
  if (!(isReset || exits.move.includes(to))) return { state, view: refusal(from, to) };
  const kept = notesSent(notes, number) || target.notes;
  const moved: ModelTask = { ...target, status: to, notes: isReset ? null : kept };
  return {
    state: state.map((it) => (it === target ? moved : it)),
    view: { status: 200, updated_task: viewOfTask(moved) },
  };
}

function refusal(from: Status, to: Status): View {
  const allowed = [
    ...EXITS[from].move.map((status) => ({ status, reset: false })),
    ...EXITS[from].reset.map((status) => ({ status, reset: true })),
  ];
  return { status: 400, code: 'invalid_transition', details: { from, to, allowed } };
}

function add(state: State, batch: readonly NewModelTask[], number: number, ranks: Ranks | undefined): Result {
  const known = batch.filter((task) => state.some((it) => sameTask(it, task)));
  const repeated = batch.some((task, at) => batch.findIndex((it) => sameTask(it, task)) !== at);
  if (repeated) return { state, view: { status: 400, code: 'validation_error' } };
  if (known.length > 0) {
    const existing = known.map(({ project, task }) => ({ project_id: project, task_id: task }));
    const details = { task_ids: known.map((task) => task.task), existing };
    return { state, view: { status: 409, code: 'task_exists', details } };
  }
  const added = batch.map(
    ({ project, task, status = 'pending' }): ModelTask => ({
      project,
      task,
      status,
      description: descriptionBy(number),
      notes: null,
    }),
  );
  const all = [...state, ...added];
  if (ranks !== undefined) all.sort((one, other) => ranks(one) - ranks(other));
  const task_ids = batch.map(({ task }) => task);
  return { state: all, view: { status: 200, tasks_added: batch.length, task_ids } };
}
