import { type NewTask, newTask } from '../../src/contract/add-tasks.ts';
import { parseLines, reasonsOf } from './json-text.ts';
import type { ListedTask, TaskList } from './listed-task.ts';

/** Reads tasks as POST /tasks/batch takes them, one a line; the project of a line does not count. */
export function readJsonl(text: string): TaskList {
  const leftOut: string[] = [];
  const tasks: ListedTask[] = [];
  for (const { number, value } of parseLines(text)) {
    const parsed = newTask.safeParse(isObject(value) ? { ...value, project_id: 'any' } : value);
    if (!parsed.success) leftOut.push(`Line ${number} is no task: ${reasonsOf(parsed.error)}`);
    else if (parsed.data.task_id === undefined)
      leftOut.push(`Line ${number} is no task: task_id: is missing`);
    else tasks.push(take(parsed.data, parsed.data.task_id));
  }
  return { tasks, leftOut };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function take(task: NewTask, id: string): ListedTask {
  const {
    task_id: _id,
    project_id: _project,
    needs,
    context_notes,
    generator_name,
    not_before,
    ...rest
  } = task;
  const { description, status, priority, inputs, expected_outputs, ...limits } = rest;
  return {
    id,
    ...{ description, status, priority, inputs, expected_outputs, limits },
    generator_name: generator_name ?? undefined,
    not_before: not_before ?? undefined,
    needs: needs.map(({ task_id, ...terms }) => ({ id: task_id, ...terms })),
    notes: context_notes === null ? [] : [context_notes],
    remarks: [],
  };
}
