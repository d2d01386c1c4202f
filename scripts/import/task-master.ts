import { z } from 'zod';
import { Problem } from '../local/problem.ts';
import { DroppedFields } from './dropped-fields.ts';
import { fittingMetadata } from './fitting-fields.ts';
import { numberRemarks, parseJson, reasonsOf } from './json-text.ts';
import { type ListedTask, priorityOf, type TaskList } from './listed-task.ts';
import { takeStatus } from './states.ts';

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
  acceptanceCriteria: z.string().nullish(),
  metadata: z.unknown().optional(),
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
  const { value, numbers } = parseJson(text, file);
  const { tasks, given, taken, remarks } = choose(value, file, tag);
  const idOf = (written: string) => `${prefix}-${written.replaceAll('.', '-')}`;
  const dropped = new DroppedFields();
  dropped.compare(given, taken);
  return {
    leftOut: [],
    tasks: tasks.flatMap((each) => listed(each, idOf)),
    remarks: [...remarks, ...dropped.remarks(), ...numberRemarks(numbers, taken)],
  };
}

interface Chosen {
  readonly tasks: readonly Task[];
  /** The same as it was given. */
  readonly given: unknown;
  readonly taken: unknown;
  /** Of the other tags. */
  readonly remarks: readonly string[];
}

function choose(json: unknown, file: string, tag: string | undefined): Chosen {
  const plain = tagged.safeParse(json);
  if (plain.success && tag === undefined)
    return { tasks: plain.data.tasks, given: json, taken: plain.data, remarks: [] };
  const tags = z.record(z.string(), tagged).safeParse(json);
  if (!tags.success) {
    throw new Problem(`${file} is no list of claude-task-master: ${reasonsOf(plain.error ?? tags.error)}`);
  }
  const names = Object.keys(tags.data);
  const wanted = tag ?? (names.length === 1 ? names[0] : 'master');
  const found = wanted === undefined ? undefined : tags.data[wanted];
  if (found === undefined || wanted === undefined)
    throw new Problem(`${file} has the tags ${names.join(', ')}: pass one as --tag`);
  const others = Object.entries(tags.data)
    .filter(([name]) => name !== wanted)
    .map(([name, { tasks }]) => `${name} (tasks: ${tasks.length})`);
  // The schema has read it as an object.
  const given = (json as Readonly<Record<string, unknown>>)[wanted];
  const remarks =
    others.length === 0
      ? []
      : [`Of the tag ${wanted}; other tags, to be passed as --tag: ${others.join(', ')}`];
  return { tasks: found.tasks, given, taken: found, remarks };
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
  const state = takeStatus(written);
  const metadata = fittingMetadata(task.metadata);
  const known = priority === undefined ? undefined : priorityOf(priority);
  const name = title || taskId;
  return {
    id: taskId,
    description: description === '' || description === title ? name : `${name}\n\n${description}`,
    status: state.status,
    needs: [...new Set(needs)].map((need) => ({ id: need })),
    priority: known,
    metadata: metadata.fitting,
    notes: [
      ...(origin === undefined ? [] : [origin]),
      ...state.notes,
      ...(details ? [`Details: ${details}`] : []),
      ...(testStrategy ? [`Test strategy: ${testStrategy}`] : []),
      ...(task.acceptanceCriteria ? [`Acceptance criteria: ${task.acceptanceCriteria}`] : []),
    ],
    remarks: [
      ...state.remarks,
      ...(priority !== undefined && known === undefined ? [`Its priority ${priority} is not known`] : []),
      ...metadata.remarks,
    ],
  };
}
