import { type SQL, sql } from 'drizzle-orm/sql';
import { encodeCursor } from '../contract/cursor.ts';
import { listTasksInput, listTasksOutput } from '../contract/list-tasks.ts';
import { constant } from '../db/sql/constant.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow } from '../db/statement.ts';
import { LIMITS, type Status } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

interface Entry {
  readonly task: Task;
  readonly position: number;
  readonly isFollowed: boolean;
}

type Bounds = ProjectScope & {
  readonly project: string;
  /** 0 for the start. */
  readonly after: number;
  readonly max_rows: number;
};
type BoundsOfStatus = Bounds & { readonly status: Status };

function toEntry(row: RawRow): Entry {
  // Drivers return `seq`, a bigint, as text.
  return { task: toTask(row), position: Number(row['seq']), isFollowed: row['is_followed'] === true };
}

/** In bytes; all other columns are short. */
const textBytes = sql.join(
  [
    sql`description`,
    sql`inputs`,
    sql`expected_outputs`,
    sql`context_notes`,
    sql`completion_notes`,
    sql`last_error`,
    sql`result`,
    sql`artifacts`,
    sql`metadata`,
    sql`labels`,
  ].map((text) => sql`coalesce(octet_length(${text}::text), 0)`),
  sql` + `,
);

// Stops after the task whose texts fill the page: a Worker lacks memory for a thousand tasks of maximum size. One
// statement for each filter, because no index serves `status = $n or $n is null` in a prepared plan.
const selectPage = (value: Bind<Bounds>, filter: SQL) => sql`
    select ${taskColumns('page')}, page.seq, page.is_followed
    from (
      select
        found.*,
        lead(seq) over in_order is not null as is_followed,
        sum(${textBytes}) over (in_order rows between unbounded preceding and 1 preceding) as bytes_before
      from (
        select tasks.*
        from tasks
        where project_id = ${value('project')}${filter}
          and seq > ${value('after')}
          and ${isAllowed(value('project'), value('allowed_projects'))}
        order by seq
        limit ${value('max_rows')}
      ) as found
      window in_order as (order by seq)
    ) as page
    where coalesce(page.bytes_before, 0) < ${constant(LIMITS.pageBytes)}
    order by page.seq`;

const LIST_TASKS = defineRead<Bounds, Entry>({
  name: 'list_tasks',
  build: (value) => selectPage(value, sql``),
  toRow: toEntry,
});

const LIST_TASKS_OF_STATUS = defineRead<BoundsOfStatus, Entry>({
  name: 'list_tasks_of_status',
  build: (value) => selectPage(value, sql` and status = ${value('status')}`),
  toRow: toEntry,
});

/** One page in order of creation. A walk sees each task that exists throughout exactly once. */
export const listTasks = defineOperation({
  name: 'list_tasks',
  scope: 'read',
  summary: 'List the tasks of a project',
  description:
    'Lists tasks in order of creation, page by page: pass next_cursor as cursor until it is null. A walk sees each task that exists throughout exactly once, even while others are added.',
  answer: 'One page of tasks',
  errors: [],
  input: listTasksInput,
  output: listTasksOutput,
  projects: ({ project }) => [project],
  statements: [LIST_TASKS, LIST_TASKS_OF_STATUS],
  examples: [
    { project: 'ai-agent-mcp-server' },
    { project: 'ai-agent-mcp-server', status: 'pending', limit: 20 },
  ],
  async run({ run }, { project, status, limit = LIMITS.tasksPerPage, cursor }) {
    // One more than asked for shows whether there is a next page.
    const bounds = { project, after: cursor, max_rows: limit + 1 };
    const found =
      status === undefined
        ? await run(LIST_TASKS, bounds)
        : await run(LIST_TASKS_OF_STATUS, { ...bounds, status });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return {
      tasks: entries.map(({ task }) => task),
      count: entries.length,
      next_cursor: last?.isFollowed ? encodeCursor(last.position) : null,
    };
  },
});
