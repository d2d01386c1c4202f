import { releasedTask } from './claims.ts';
import { counted, hasCycle, isMaker, needForArtifact, settled } from './graph.ts';
import { COPY } from './intent.ts';
import { projectOf, type Result, type State, tasksOf, withProject, withTasks } from './state.ts';
import { inOrder, type ModelTask, type Need, viewOfTask } from './task.ts';

/**
 * Takes a project out and into another, which nothing was in before: what comes is what there is, but for claims, which
 * are over as if they had been released, and what can be restored, which stays behind.
 */
export function transfer(state: State, from: string, number: number): Result {
  const settings = projectOf(state, from);
  const tasks = tasksOf(state, from).map((task, at) =>
    imported(task, settings.readiness === 'inputs', number + at / 1_000),
  );
  const there = withProject({ ...state, tasks: [...state.tasks, ...tasks] }, COPY, settings);
  const after = settled(connected(there), COPY, []);
  const view = { status: 200, tasks: tasksOf(after, COPY).map(viewOfTask), more: false, changed_again: 0 };
  return { state: after, view };
}

function imported(task: ModelTask, counts: boolean, born: number): ModelTask {
  const needs = [
    ...task.needs
      .filter(({ kind }) => kind === 'task')
      .map((need): Need => (need.parent === null ? need : { ...need, state: 'waiting' })),
    ...(counts ? task.inputs.map(needForArtifact) : []),
  ];
  return counted({
    ...(task.claim === null ? task : releasedTask(task, false)),
    ...{ project: COPY, born, needs: inOrder(needs), effective: task.priority },
    ...{ stale: false, putOff: false, progress: null, movedBy: null, lastToken: 0, lastClaim: null },
  });
}

/** Those that wait for artifacts wait for the tasks that make them; for one that has failed, unless it waits for them. */
function connected(state: State): State {
  const makers = tasksOf(state, COPY)
    .filter(({ makes }) => makes.length > 0)
    .toSorted((one, other) => (one.task < other.task ? -1 : 1));
  const live = makers.filter(isMaker);
  const byLive = withTasks(state, COPY, (task) => connectedTo(task, live));
  return makers
    .filter((maker) => !isMaker(maker))
    .reduce((before, maker) => {
      return tasksOf(before, COPY).reduce((now, { task: id }) => {
        const after = withTasks(now, COPY, (task) => (task.task === id ? connectedTo(task, [maker]) : task));
        return hasCycle(tasksOf(after, COPY), [id]) ? now : after;
      }, before);
    }, byLive);
}

function connectedTo(task: ModelTask, makers: readonly ModelTask[]): ModelTask {
  return {
    ...task,
    needs: task.needs.map((need) => {
      if (need.kind !== 'artifact' || need.parent !== null) return need;
      return { ...need, parent: makers.find(({ makes }) => makes.includes(need.need))?.task ?? null };
    }),
  };
}
