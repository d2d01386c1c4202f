import { type NewTask, newTask } from '../../src/contract/add-tasks.ts';
import { isRecord } from '../../src/domain/record.ts';
import { numberRemarks, parseLines, reasonsOf } from './json-text.ts';
import type { ListedTask, TaskList } from './listed-task.ts';
import { fits } from './task-ids.ts';

/** Reads tasks as POST /tasks/batch takes them, one a line; the project of a line does not count. */
export function readJsonl(text: string): TaskList {
  const leftOut: string[] = [];
  const tasks: ListedTask[] = [];
  for (const { number, value, numbers } of parseLines(text)) {
    const line = `Line ${number}`;
    const aliases = new Map<string, string>();
    const parsed = newTask.safeParse(isRecord(value) ? withAliases(value, aliases) : value);
    if (parsed.success) tasks.push(take(parsed.data, line, aliases, numberRemarks(numbers, value)));
    else if (value === undefined) leftOut.push(`${line} is no task: it is not valid JSON`);
    else leftOut.push(`${line} is no task: ${reasonsOf(parsed.error)}`);
  }
  return { tasks, leftOut };
}

type Fields = Readonly<Record<string, unknown>>;

/** Puts an id that fits in the place of each that does not, for such a task may get another one. */
function withAliases(value: Fields, aliases: Map<string, string>): Fields {
  const alias = (id: unknown): unknown => {
    if (typeof id !== 'string' || id === '' || fits(id)) return id;
    const name = `UNFIT-ID-${aliases.size}`;
    aliases.set(name, id);
    return name;
  };
  const { task_id, needs } = value;
  const needed = (need: unknown) =>
    isRecord(need) ? { ...need, task_id: alias(need['task_id']) } : alias(need);
  return {
    ...value,
    project_id: 'any',
    ...(task_id === undefined ? {} : { task_id: alias(task_id) }),
    ...(Array.isArray(needs) ? { needs: needs.map(needed) } : {}),
  };
}

function take(
  task: NewTask,
  line: string,
  aliases: ReadonlyMap<string, string>,
  remarks: readonly string[],
): ListedTask {
  const { task_id, project_id: _project, needs, context_notes, generator_name, not_before, ...rest } = task;
  const { max_attempts, max_expiries, max_run_seconds, ...fields } = rest;
  const idOf = (id: string) => aliases.get(id) ?? id;
  return {
    ...fields,
    id: task_id === undefined ? line : idOf(task_id),
    hasNoId: task_id === undefined,
    limits: { max_attempts, max_expiries, max_run_seconds },
    generator_name: generator_name ?? undefined,
    not_before: not_before ?? undefined,
    needs: needs.map(({ task_id: id, ...terms }) => ({ id: idOf(id), ...terms })),
    notes: context_notes === null ? [] : [context_notes],
    remarks,
  };
}
