import { connectMakers, connectNeeds, counted, hasCycle, needForArtifact, needOn } from './graph.ts';
import { type CreatedTask, type NewModelTask, UNNAMED, type View } from './intent.ts';
import { named, withNumbers } from './numbers.ts';
import { projectOf, type Refusal, type Result, type State } from './state.ts';
import { descriptionBy, inOrder, type ModelTask, sameTask } from './task.ts';

/** A rank for each task where the order of creation is known from elsewhere. */
export type Ranks = (task: CreatedTask) => number;

/** Adds a batch, all or none. */
export function addTasks(
  state: State,
  asked: readonly NewModelTask[],
  number: number,
  ranks: Ranks | undefined,
): Result {
  const isRepeated = (task: NewModelTask, at: number) =>
    task.task !== UNNAMED && asked.findIndex((it) => sameTask(it, task)) !== at;
  if (asked.some(isRepeated)) return { state, view: { status: 400, code: 'validation_error' } };
  const batch = named(state, asked);
  const added = batch.map((task, at) => newTask(state, task, number, at));
  const projects = [...new Set(batch.map(({ project }) => project))].toSorted();
  if (projects.some((project) => isCyclic(added.filter((task) => task.project === project))))
    return { state, view: { status: 409, code: 'need_cycle' } };
  const known = batch.filter((task) => state.tasks.some((it) => sameTask(it, task)));
  const deleted = batch.filter((task) => state.deleted.some((it) => sameTask(it.task, task)));
  if (known.length + deleted.length > 0) return { state, view: existing(known, deleted) };
  const tasks = [...state.tasks, ...added];
  if (ranks !== undefined) tasks.sort((one, other) => ranks(one) - ranks(other));
  const connected = connect({ ...withNumbers(state, batch), tasks }, projects, added);
  if ('refused' in connected) return { state, view: connected.refused };
  const task_ids = batch.map(({ task }) => task);
  return { state: connected, view: { status: 200, tasks_added: batch.length, task_ids } };
}

/** Whether tasks of one batch need each other; what they make is not looked at yet. */
function isCyclic(tasks: readonly ModelTask[]): boolean {
  const declared = tasks.map((task) => ({
    ...task,
    needs: task.needs.filter(({ kind }) => kind === 'task'),
  }));
  return hasCycle(
    declared,
    declared.map(({ task }) => task),
  );
}

function existing(known: readonly NewModelTask[], deleted: readonly NewModelTask[]): View {
  const task_ids = [...known, ...deleted].map(({ task }) => task);
  const identities = (tasks: readonly NewModelTask[]) =>
    tasks.map(({ project, task }) => ({ project_id: project, task_id: task }));
  const details = { task_ids, existing: identities(known) };
  const more = deleted.length > 0 ? { deleted: identities(deleted) } : {};
  return { status: 409, code: 'task_exists', details: { ...details, ...more } };
}

/** What the tasks make comes first, then what they need; each project by project. */
function connect(state: State, projects: readonly string[], added: readonly ModelTask[]): State | Refusal {
  const inProject = (project: string) => added.filter((task) => task.project === project);
  const steps = [
    ...projects.map((project) => (before: State) => {
      const makers = inProject(project).filter(({ makes }) => makes.length > 0);
      return connectMakers(
        before,
        project,
        makers.map(({ task }) => task),
      );
    }),
    ...projects.map((project) => (before: State) => {
      const fresh = inProject(project).flatMap(({ task, needs }) => needs.map((need) => ({ task, need })));
      return connectNeeds(before, project, fresh);
    }),
  ];
  return steps.reduce<State | Refusal>(
    (before, step) => ('refused' in before ? before : step(before)),
    state,
  );
}

function newTask(state: State, given: NewModelTask, number: number, at: number): ModelTask {
  const { project, task, status = 'pending', priority = 2, maxAttempts = 3, early = false } = given;
  const { needs = [], inputs = [], outputs = [] } = given;
  const counts = projectOf(state, project).readiness === 'inputs';
  return counted({
    ...NEW,
    ...{ project, task, status, priority, maxAttempts, early, inputs, outputs },
    description: descriptionBy(number),
    born: number + at / 1_000,
    effective: priority,
    needs: inOrder([...needs.map(needOn), ...(counts ? inputs.map(needForArtifact) : [])]),
    makes: counts ? outputs : [],
  });
}

/** What every new task has. */
export const NEW = {
  revision: 1,
  labels: [],
  noted: [],
  notes: null,
  attempt: 0,
  retry: 'none',
  pause: 0,
  putOff: false,
  error: null,
  claim: null,
  movedBy: null,
  lastToken: 0,
  lastClaim: null,
  expiries: 0,
  checkpoint: null,
  progress: null,
  result: null,
  artifacts: [],
  unmet: 0,
  stuck: 0,
  stale: false,
} as const;
