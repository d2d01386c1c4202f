import { type NewTask, newTask } from '../../src/contract/add-tasks.ts';
import { numberRemarks, parseLines, reasonsOf } from './json-text.ts';
import type { ListedTask, TaskList } from './listed-task.ts';

/** Reads tasks as POST /tasks/batch takes them, one a line; the project of a line does not count. */
export function readJsonl(text: string): TaskList {
  const leftOut: string[] = [];
  const tasks: ListedTask[] = [];
  for (const { number, value, numbers } of parseLines(text)) {
    const line = `Line ${number}`;
    const parsed = newTask.safeParse(isObject(value) ? { ...value, project_id: 'any' } : value);
    if (parsed.success) tasks.push(take(parsed.data, line, numberRemarks(numbers)));
    else if (value === undefined) leftOut.push(`${line} is no task: it is not valid JSON`);
    else leftOut.push(`${line} is no task: ${reasonsOf(parsed.error)}`);
  }
  return { tasks, leftOut };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function take(task: NewTask, line: string, remarks: readonly string[]): ListedTask {
  const { task_id, project_id: _project, needs, context_notes, generator_name, not_before, ...rest } = task;
  const { max_attempts, max_expiries, max_run_seconds, ...fields } = rest;
  return {
    ...fields,
    id: task_id ?? line,
    hasNoId: task_id === undefined,
    limits: { max_attempts, max_expiries, max_run_seconds },
    generator_name: generator_name ?? undefined,
    not_before: not_before ?? undefined,
    needs: needs.map(({ task_id: id, ...terms }) => ({ id, ...terms })),
    notes: context_notes === null ? [] : [context_notes],
    remarks,
  };
}
