import type { NewModelTask } from './intent.ts';
import { UNNAMED } from './intent.ts';
import { projectOf, type Result, type State, withProject } from './state.ts';

/** What an id that the service gives begins with. */
const PREFIX = 'TASK-';

/** The id of a number, as the service gives it. */
export function idOfNumber(number: number): string {
  return `${PREFIX}${String(number).padStart(3, '0')}`;
}

/** The number of an id of that form; 0 for any other. */
function numberOf(id: string): number {
  const [, digits = '0'] = /^TASK-([0-9]{1,15})$/.exec(id) ?? [];
  return Number(digits);
}

/** The batch with an id for each task that has none, in the order of the batch: past what was given out and what exists. */
export function named(state: State, batch: readonly NewModelTask[]): readonly NewModelTask[] {
  const last = new Map<string, number>();
  const lastOf = (project: string) => last.get(project) ?? projectOf(state, project).lastNumber;
  for (const { project, task } of batch) last.set(project, Math.max(lastOf(project), numberOf(task)));
  return batch.map((one) => {
    if (one.task !== UNNAMED) return one;
    const number = lastOf(one.project) + 1;
    last.set(one.project, number);
    return { ...one, task: idOfNumber(number) };
  });
}

/** The state that knows these ids as taken for ever. */
export function withNumbers(state: State, batch: readonly NewModelTask[]): State {
  return batch.reduce((before, { project, task }) => taken(before, project, numberOf(task)), state);
}

function taken(state: State, project: string, number: number): State {
  return number > projectOf(state, project).lastNumber
    ? withProject(state, project, { lastNumber: number })
    : state;
}

/** Gives out ids in a row without adding tasks. */
export function reserve(state: State, project: string, count: number): Result {
  const { lastNumber } = projectOf(state, project);
  const reserved_ids = Array.from({ length: count }, (_, index) => idOfNumber(lastNumber + index + 1));
  const view = { status: 200, reserved_ids };
  return { state: withProject(state, project, { lastNumber: lastNumber + count }), view };
}
