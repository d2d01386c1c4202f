import type { View } from './intent.ts';
import type { ModelTask, ShownTask } from './task.ts';

/** The settings of a project, and what was said to exist there. */
export interface ModelProject {
  readonly readiness: 'declared' | 'inputs';
  /** For a day, until somebody ends it, or not at all. */
  readonly pause: 'none' | 'day' | 'open';
  readonly provided: readonly string[];
  /** The highest number that an id of the service's own form had. */
  readonly lastNumber: number;
}

/** A task that was deleted and can be restored. */
export interface DeletedTask {
  readonly task: ModelTask;
  /** As the answer to its deletion showed it. */
  readonly shown: ShownTask;
  /** Those that waited for it. */
  readonly dependents: readonly string[];
}

/** What the service holds: all tasks of all projects, in the order of their creation. */
export interface State {
  readonly tasks: readonly ModelTask[];
  /** Those that differ from a usual one. */
  readonly projects: Readonly<Record<string, ModelProject>>;
  readonly deleted: readonly DeletedTask[];
}

export const EMPTY: State = { tasks: [], projects: {}, deleted: [] };

const USUAL: ModelProject = { readiness: 'declared', pause: 'none', provided: [], lastNumber: 0 };

export function projectOf({ projects }: State, project: string): ModelProject {
  return projects[project] ?? USUAL;
}

export function withProject(state: State, project: string, by: Partial<ModelProject>): State {
  return { ...state, projects: { ...state.projects, [project]: { ...projectOf(state, project), ...by } } };
}

export function tasksOf({ tasks }: State, project: string): readonly ModelTask[] {
  return tasks.filter((task) => task.project === project);
}

/** The state with each task of a project changed. */
export function withTasks(state: State, project: string, change: (task: ModelTask) => ModelTask): State {
  return { ...state, tasks: state.tasks.map((task) => (task.project === project ? change(task) : task)) };
}

export function replace(state: State, task: ModelTask, by: ModelTask): State {
  return { ...state, tasks: state.tasks.map((each) => (each === task ? by : each)) };
}

/** The state after an operation, and its answer. */
export type Result = { readonly state: State; readonly view: View };

/** What an operation is answered that changes nothing. */
export interface Refusal {
  readonly refused: View;
}

export function refuse(status: number, code: string, details?: View): Refusal {
  return { refused: { status, code, ...(details && { details }) } };
}
