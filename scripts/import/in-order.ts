import type { NewTask } from '../../client/index.ts';
import { cycleIn } from '../../src/domain/graph.ts';
import { Problem } from '../local/problem.ts';

type Need = NonNullable<NewTask['needs']>[number];

/** The task that a need names. */
export const neededBy = (need: Need) => (typeof need === 'string' ? need : need.task_id);

/**
 * Needed tasks first, otherwise as listed, since a batch may need only what exists or comes with it; those without an id
 * last. Throws a Problem where tasks wait for each other.
 */
export function inOrder<Task extends NewTask>(tasks: readonly Task[]): Task[] {
  const byId = new Map(tasks.flatMap((task) => (task.task_id === undefined ? [] : [[task.task_id, task]])));
  const needsOf = ({ needs = [] }: Task) => needs.map(neededBy);
  const cycle = cycleIn(new Map([...byId].map(([id, task]) => [id, needsOf(task)])));
  if (cycle !== undefined) {
    throw new Problem(
      `These tasks wait for each other: ${cycle.join(' → ')}. Take one of these needs out of the list`,
    );
  }
  const ordered = new Set<Task>();
  for (const task of byId.values()) {
    const stack = [task];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const open = needsOf(top)
        .map((need) => byId.get(need))
        .find((need) => need && !ordered.has(need));
      if (open === undefined) {
        ordered.add(top);
        stack.pop();
      } else stack.push(open);
    }
  }
  return [...ordered, ...tasks.filter(({ task_id }) => task_id === undefined)];
}
