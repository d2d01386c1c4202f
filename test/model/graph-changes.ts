import { connectMakers, connectNeeds, counted, needForArtifact, needOn, settled } from './graph.ts';
import type { Intent, SettingsIntent, View } from './intent.ts';
import {
  projectOf,
  type Refusal,
  type Result,
  replace,
  type State,
  tasksOf,
  withProject,
  withTasks,
} from './state.ts';
import { inOrder, type ModelTask, type Need, NOT_FOUND, sameTask, viewOfTask } from './task.ts';

type Of<Kind extends Intent['kind']> = Extract<Intent, { readonly kind: Kind }>;

/** Sets what a task needs of another, or changes the terms. */
export function putNeed(state: State, intent: Of<'need'>): Result {
  const target = state.tasks.find((task) => sameTask(task, intent));
  if (target === undefined) return { state, view: NOT_FOUND };
  const { project, task } = intent;
  const need = needOn(intent);
  const needs = inOrder([...target.needs.filter((each) => !isFor(each, intent.need)), need]);
  const given = replace(state, target, counted({ ...target, needs, revision: target.revision + 1 }));
  const connected = connectNeeds(given, project, [{ task, need }]);
  if ('refused' in connected) return { state, view: connected.refused };
  return { state: connected, view: updated(connected, target) };
}

/** Takes a need away. */
export function removeNeed(state: State, intent: Of<'unneed'>): Result {
  const target = state.tasks.find((task) => sameTask(task, intent));
  if (target === undefined) return { state, view: NOT_FOUND };
  if (!target.needs.some((need) => isFor(need, intent.need)))
    return { state, view: { status: 404, code: 'need_not_found' } };
  const needs = target.needs.filter((need) => !isFor(need, intent.need));
  const left = replace(state, target, counted({ ...target, needs, revision: target.revision + 1 }));
  const after = settled(left, intent.project, [intent.task]);
  return { state: after, view: updated(after, target) };
}

const isFor = ({ kind, need }: Need, id: string) => kind === 'task' && need === id;

function updated({ tasks }: State, target: ModelTask): View {
  const task = tasks.find((each) => sameTask(each, target));
  return { status: 200, updated_task: task && viewOfTask(task) };
}

/** Every need for the artifact is met, those that come later too. */
export function provideArtifact(state: State, { project, name }: Of<'artifact'>): Result {
  const view = { status: 200, provided_artifact: name };
  const { provided } = projectOf(state, project);
  const known = provided.includes(name)
    ? state
    : withProject(state, project, { provided: [...provided, name].toSorted() });
  const children = tasksOf(known, project)
    .filter(({ needs }) => needs.some(({ kind, need }) => kind === 'artifact' && need === name))
    .map(({ task }) => task);
  return { state: children.length === 0 ? known : settled(known, project, children), view };
}

/** Sets what counts as a need in a project, and whether it is paused. */
export function putSettings(state: State, intent: SettingsIntent): Result {
  const { project } = intent;
  const before = projectOf(state, project);
  const { readiness = before.readiness, pause = before.pause } = intent;
  const view = { status: 200, updated_project: { project, readiness, pause } };
  if (readiness === before.readiness && pause === before.pause) return { state, view };
  const set = withProject(state, project, { readiness, pause });
  if (readiness === before.readiness) return { state: set, view };
  const after = readiness === 'inputs' ? withInputs(set, project) : withoutInputs(set, project);
  return 'refused' in after ? { state, view: after.refused } : { state: after, view };
}

function withInputs(state: State, project: string): State | Refusal {
  const makers = tasksOf(state, project).filter(({ outputs }) => outputs.length > 0);
  const making = withTasks(state, project, (task) => ({ ...task, makes: task.outputs }));
  const connected = connectMakers(
    making,
    project,
    makers.map(({ task }) => task),
  );
  if ('refused' in connected) return connected;
  const needing = withTasks(connected, project, (task) =>
    counted({ ...task, needs: inOrder([...task.needs, ...task.inputs.map(needForArtifact)]) }),
  );
  const fresh = tasksOf(needing, project).flatMap(({ task, inputs }) =>
    inputs.map((name) => ({ task, need: needForArtifact(name) })),
  );
  return connectNeeds(needing, project, fresh);
}

function withoutInputs(state: State, project: string): State {
  const without = withTasks(state, project, (task) =>
    counted({ ...task, makes: [], needs: task.needs.filter(({ kind }) => kind === 'task') }),
  );
  return settled(without, project, []);
}
