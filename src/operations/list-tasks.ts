import type { Parsed } from '../contract/input.ts';
import { encodeListCursor } from '../contract/list-cursor.ts';
import {
  BRIEF_FIELDS,
  listOf,
  listTasksInput,
  listTasksOutput,
  type TaskField,
} from '../contract/list-tasks.ts';
import { refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation, type Work } from './define-operation.ts';
import { FIND_TASKS } from './find-tasks-statement.ts';
import { orderNameOf, orderOf, type Place } from './list-orders.ts';
import { type Entry, LIST_TASKS, LIST_TASKS_OF_STATUS } from './list-pages.ts';
import type { Task } from './shown-task.ts';
import { filterValues } from './task-filter.ts';

type Asked = Parsed<typeof listTasksInput>;

/** A page before it is shown; one entry more than asked for shows whether there is a next one. */
interface Page {
  readonly entries: readonly Entry[];
  /** Where a page that ended early goes on. */
  readonly end: Place | null;
  readonly total?: number;
  readonly isExact?: boolean;
}

const columnsOf = ({ fields, view }: Asked): readonly TaskField[] | null =>
  view === 'brief' ? BRIEF_FIELDS : fields;

/** The one status of a list that has no other filter, or undefined. */
function isPlain({
  project: _,
  status,
  limit: __,
  cursor: ___,
  fields: ____,
  view: _____,
  ...others
}: Asked) {
  const { sort = 'created', total = false, ...filter } = others;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return sort === 'created' && !total && !isFiltered && (status === null || status.length === 1);
}

async function plainPage({ run }: Work, asked: Asked, max_rows: number): Promise<Page> {
  const { project, status, cursor } = asked;
  const values = { project, after_seq: cursor?.seq ?? 0, max_rows, columns: columnsOf(asked) };
  const [only] = status ?? [];
  const entries =
    only === undefined
      ? await run(LIST_TASKS, values)
      : await run(LIST_TASKS_OF_STATUS, { ...values, status: only });
  return { entries, end: null };
}

/** Rejects with `list_too_large` or `words_too_common`. */
async function filteredPage({ run }: Work, asked: Asked, max_rows: number): Promise<Page> {
  const { project, sort = 'created', cursor, total = false, q } = asked;
  const name = orderNameOf(sort, (asked.created_after ?? asked.created_before) !== undefined);
  const order = orderOf(name);
  const filter = filterValues(project, asked, {
    gathers_statuses: total || order.walk === undefined,
    counts: total,
  });
  const { key, seq } = cursor ?? order.start(filter);
  const [first, ...rest] = await run(FIND_TASKS[name], {
    ...filter,
    after_key: key,
    after_seq: seq,
    max_rows,
    columns: columnsOf(asked),
  });
  if (first === undefined) throw new Error('A list of an allowed project always has an outcome');
  if (q !== undefined && !first.knowsNotes)
    throw refusal('words_too_common', { limit: LIMITS.tasksLookedAt });
  if (order.walk === undefined && !first.isGathered)
    throw refusal('list_too_large', { sort, limit: LIMITS.tasksLookedAt });
  return {
    entries: [first, ...rest].flatMap(({ entry }) => entry ?? []),
    end: first.end,
    ...(total ? { total: first.total, isExact: first.isGathered } : {}),
  };
}

/** The parts of a task that are asked for. */
function shownAs({ view }: Asked, columns: readonly TaskField[] | null): (entry: Entry) => Partial<Task> {
  if (columns === null) return ({ task }) => task;
  return ({ task }) => {
    const shown: Partial<Record<TaskField, unknown>> = {};
    for (const name of columns) shown[name] = task[name];
    if (view === 'brief') shown.description = cut(task.description);
    // Every member is that of the task, or a description.
    return shown as Partial<Task>;
  };
}

/** The beginning of a text, with a sign where it was cut. */
function cut(text: string): string {
  const characters = [...text];
  const kept = characters.slice(0, LIMITS.briefCharacters - 1).join('');
  return characters.length <= LIMITS.briefCharacters ? text : `${kept}…`;
}

/** One page of the tasks that a filter leaves. Rejects with `list_too_large` or `words_too_common`. */
export const listTasks = defineOperation({
  name: 'list_tasks',
  scope: 'read',
  summary: 'List the tasks of a project',
  description:
    'Lists tasks, by default in order of creation, page by page: pass next_cursor as cursor until it is null. Filters may be combined; a page of a filtered list looks at 10,000 tasks at most, so it may have fewer than limit and still a next_cursor. A walk in order of creation or priority sees each task that exists throughout and fits exactly once, even while others are added.',
  answer: 'One page of tasks',
  errors: ['list_too_large', 'words_too_common'],
  input: listTasksInput,
  output: listTasksOutput,
  projects: ({ project }) => [project],
  statements: [LIST_TASKS, LIST_TASKS_OF_STATUS, ...Object.values(FIND_TASKS)],
  examples: [
    { project: 'ai-agent-mcp-server' },
    { project: 'ai-agent-mcp-server', status: 'pending', limit: 20 },
    { project: 'ai-agent-mcp-server', status: 'pending,failed', label: 'docs', view: 'brief' },
    { project: 'ai-agent-mcp-server', generator_name: 'prd-generator', sort: '-created' },
    { project: 'ai-agent-mcp-server', created_after: '2026-01-31T09:00:00Z', claimed_by: 'agent-7' },
    { project: 'ai-agent-mcp-server', created_after: '2026-01-31T09:00:00Z', sort: '-created', total: true },
    { project: 'ai-agent-mcp-server', state: 'ready', sort: 'priority', fields: 'task_id,priority' },
    { project: 'ai-agent-mcp-server', id_prefix: 'TASK-0', priority_max: 1, sort: '-priority' },
    { project: 'ai-agent-mcp-server', updated_after: '2026-01-31T09:00:00Z', sort: 'updated' },
    { project: 'ai-agent-mcp-server', status: 'failed', sort: '-updated' },
    { project: 'ai-agent-mcp-server', q: 'retry timeo', sort: 'relevance' },
  ],
  async run(work, asked) {
    const { limit = LIMITS.tasksPerPage } = asked;
    const page = await (isPlain(asked) ? plainPage : filteredPage)(work, asked, limit + 1);
    const entries = page.entries.slice(0, limit);
    const last = entries.at(-1);
    const end = last?.isFollowed ? last : page.end;
    return {
      tasks: entries.map(shownAs(asked, columnsOf(asked))),
      count: entries.length,
      next_cursor:
        end === null ? null : encodeListCursor({ list: listOf(asked), key: end.key, seq: end.seq }),
      ...(page.total === undefined ? {} : { total: page.total, total_is_exact: page.isExact ?? false }),
    };
  },
});
