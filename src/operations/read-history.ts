import { type SQL, sql } from 'drizzle-orm/sql';
import { encodeCursor } from '../contract/cursor.ts';
import { readHistoryInput, readHistoryOutput } from '../contract/read-history.ts';
import { hiddenLimit } from '../db/sql/hidden-limit.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';
import { type Event, eventColumns, toEvent } from './shown-event.ts';

type Bounds = ProjectScope & {
  readonly project: string;
  readonly task_id: string;
  /** The `seq` of the last event of the page before; 0 for the start. */
  readonly cursor: number;
  readonly max_rows: number;
};

/** Undefined where the page has no event. */
const toEntry = (row: RawRow): Event | undefined => (row['seq'] === null ? undefined : toEvent(row));

// One row without an event tells that there is such a task all the same. One statement for each order, because the
// index serves one direction at a time.
const selectPage = (value: Bind<Bounds>, range: SQL, order: SQL) => sql`
    select ${eventColumns('page')}
    from (
      select ${value('project')}::text as project_id, ${value('task_id')}::text as task_id
      where ${isAllowed(value('project'), value('allowed_projects'))}
        and (
          exists (select from tasks where task_id = ${value('task_id')} and project_id = ${value('project')})
          or exists (select from task_events where task_id = ${value('task_id')} and project_id = ${value('project')})
        )
    ) as asked
    left join lateral (
      select *
      from task_events
      where project_id = asked.project_id
        and task_id = asked.task_id${range}
      order by ${order}
      limit ${hiddenLimit(value('max_rows'))}
    ) as page on true
    order by page.${order}`;

const NEWEST_FIRST = defineRead<Bounds, Event | undefined>({
  name: 'read_history',
  build: (value) => {
    // A bound in any case, so that the index finds a page however deep it lies.
    const before = sql`coalesce(nullif(${value('cursor')}::bigint, 0), 9223372036854775807)`;
    return selectPage(value, sql` and seq < ${before}`, sql`seq desc`);
  },
  toRow: toEntry,
});

const OLDEST_FIRST = defineRead<Bounds, Event | undefined>({
  name: 'read_history_from_the_start',
  build: (value) => selectPage(value, sql` and seq > ${value('cursor')}::bigint`, sql`seq`),
  toRow: toEntry,
});

/** What happened to a task, page by page, even after it was deleted. Rejects with `task_not_found`. */
export const readHistory = defineOperation({
  name: 'read_history',
  scope: 'read',
  summary: 'Read what happened to a task',
  description:
    'Lists the changes of a task, page by page: pass next_cursor as cursor, with the same order, until it is null. A deleted task keeps its history, and one that is added again under its id goes on with it.',
  answer: 'One page of events',
  errors: ['task_not_found'],
  input: readHistoryInput,
  output: readHistoryOutput,
  projects: ({ project }) => [project],
  statements: [NEWEST_FIRST, OLDEST_FIRST],
  examples: [
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server' },
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server', order: 'oldest', limit: 20 },
  ],
  async run({ run }, { task_id, project, order, limit = LIMITS.eventsPerPage, cursor }) {
    // One more than asked for shows whether there is a next page.
    const bounds = { project, task_id, cursor, max_rows: limit + 1 };
    const found = await run(order === 'newest' ? NEWEST_FIRST : OLDEST_FIRST, bounds);
    if (found.length === 0) throw refusal('task_not_found', { task_id });
    const events = found.slice(0, limit).filter((entry) => entry !== undefined);
    const last = events.at(-1);
    return {
      events,
      count: events.length,
      next_cursor: last !== undefined && found.length > limit ? encodeCursor(last.seq) : null,
    };
  },
});
