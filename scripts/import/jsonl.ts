import type { z } from 'zod';
import { newTask } from '../../src/contract/add-tasks.ts';
import { parseLines, reasonsOf } from './json-text.ts';
import type { ListedTask, TaskList } from './listed-task.ts';

/** Reads tasks as POST /tasks/batch takes them, one a line; the project of a line does not count. */
export function readJsonl(text: string): TaskList {
  const leftOut: string[] = [];
  const tasks: ListedTask[] = [];
  for (const { number, value } of parseLines(text)) {
    const parsed = newTask.safeParse(isObject(value) ? { ...value, project_id: 'any' } : value);
    if (parsed.success) tasks.push(take(parsed.data));
    else leftOut.push(`Line ${number} is no task: ${reasonsOf(parsed.error)}`);
  }
  return { tasks, leftOut };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function take(task: z.output<typeof newTask>): ListedTask {
  const { task_id, project_id: _, needs, context_notes, generator_name, not_before, ...rest } = task;
  const { description, status, priority, inputs, expected_outputs, ...limits } = rest;
  return {
    id: task_id,
    ...{ description, status, priority, inputs, expected_outputs, limits },
    generator_name: generator_name ?? undefined,
    not_before: not_before ?? undefined,
    needs: needs.map(({ task_id: id, ...terms }) => ({ id, ...terms })),
    notes: context_notes === null ? [] : [context_notes],
    remarks: [],
  };
}
