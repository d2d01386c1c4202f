import { z } from 'zod';
import { Problem } from '../local/problem.ts';
import { parseJson, reasonsOf } from './json-text.ts';
import { type ListedTask, priorityOf, type TaskList } from './listed-task.ts';
import { statusOf } from './states.ts';

const id = z.union([z.int(), z.string()]).transform(String);
const common = {
  id,
  title: z.string(),
  description: z.string().optional(),
  status: z.string().default('pending'),
  dependencies: z.array(id).default([]),
  priority: z.string().optional(),
  details: z.string().nullish(),
  testStrategy: z.string().nullish(),
};
const subtask = z.object(common);
const task = z.object({ ...common, subtasks: z.array(subtask).default([]) });
const tagged = z.object({ tasks: z.array(task) });

type Common = z.output<typeof subtask>;
type Task = z.output<typeof task>;

/**
 * Reads claude-task-master's tasks.json, with tags or without: task 7 becomes PREFIX-7, its second subtask PREFIX-7-2. A
 * task needs its subtasks, which need what it needs. Throws a Problem where the file is none, or has several tags and
 * none is named.
 */
export function readTaskMaster(
  text: string,
  { file, prefix, tag }: { readonly file: string; readonly prefix: string; readonly tag: string | undefined },
): TaskList {
  const tasks = tasksOf(parseJson(text, file), file, tag);
  const idOf = (written: string) => `${prefix}-${written.replaceAll('.', '-')}`;
  return { leftOut: [], tasks: tasks.flatMap((each) => listed(each, idOf)) };
}

function tasksOf(json: unknown, file: string, tag: string | undefined): readonly Task[] {
  const plain = tagged.safeParse(json);
  if (plain.success && tag === undefined) return plain.data.tasks;
  const tags = z.record(z.string(), tagged).safeParse(json);
  if (!tags.success) {
    throw new Problem(`${file} is no list of claude-task-master: ${reasonsOf(plain.error ?? tags.error)}`);
  }
  const names = Object.keys(tags.data);
  const wanted = tag ?? (names.length === 1 ? names[0] : 'master');
  const found = wanted === undefined ? undefined : tags.data[wanted];
  if (found === undefined) throw new Problem(`${file} has the tags ${names.join(', ')}: pass one as --tag`);
  return found.tasks;
}

function listed(task: Task, idOf: (written: string) => string): ListedTask[] {
  const own = task.dependencies.map(idOf);
  const children = task.subtasks.map((each) => {
    // A number alone means one of the same task.
    const siblings = each.dependencies.map((need) => idOf(need.includes('.') ? need : `${task.id}.${need}`));
    return take(each, idOf(`${task.id}.${each.id}`), [...own, ...siblings], `Subtask of ${idOf(task.id)}`);
  });
  return [take(task, idOf(task.id), [...own, ...children.map((child) => child.id)]), ...children];
}

function take(task: Common, taskId: string, needs: readonly string[], origin?: string): ListedTask {
  const { title, description = '', status: written, details, testStrategy, priority } = task;
  const status = statusOf(written);
  const known = priority === undefined ? undefined : priorityOf(priority);
  return {
    id: taskId,
    description: description === '' || description === title ? title : `${title}\n\n${description}`,
    status: status?.status ?? 'pending',
    needs: [...new Set(needs)].map((need) => ({ id: need })),
    priority: known,
    notes: [
      ...(origin === undefined ? [] : [origin]),
      ...(details ? [`Details: ${details}`] : []),
      ...(testStrategy ? [`Test strategy: ${testStrategy}`] : []),
    ],
    remarks: [
      ...(status === undefined ? [`Its status ${written} is not known; added as pending`] : []),
      ...(status?.remark === undefined ? [] : [status.remark]),
      ...(priority !== undefined && known === undefined ? [`Its priority ${priority} is not known`] : []),
    ],
  };
}
