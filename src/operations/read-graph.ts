import { type SQL, sql } from 'drizzle-orm/sql';
import { readGraphInput, readGraphOutput, type TaskGraph } from '../contract/read-graph.ts';
import { constant } from '../db/sql/constant.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { type Bind, defineRead, type RawRow } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { LIMITS } from '../domain/task.ts';
import { defineOperation } from './define-operation.ts';

const USUAL_DEPTH = 2;

type OfProject = ProjectScope & { readonly project: string };
type AroundTask = OfProject & { readonly task: string; readonly depth: number };

function toGraph(row: RawRow): TaskGraph {
  // jsonb_build_object gives tasks and needs their shapes.
  return {
    tasks: row['tasks'] as TaskGraph['tasks'],
    needs: row['needs'] as TaskGraph['needs'],
    is_whole: row['is_whole'] === true,
  };
}

/** The tasks of `near`, and the needs between them. */
const shown = (value: Bind<OfProject>, near: SQL) => sql`
    with recursive ${near},
    chosen as materialized (
      select task_id, count(*) over () <= ${constant(GRAPH_LIMITS.graphTasks)} as is_whole
      from (select distinct task_id from near) as each
      limit ${constant(GRAPH_LIMITS.graphTasks)}
    )
    select
      (
        select coalesce(
          jsonb_agg(
            jsonb_build_object(
              'task_id', tasks.task_id, 'status', status,
              'description', left(description, ${constant(LIMITS.briefCharacters)}),
              'claimed_by', claimed_by, 'unmet_needs', unmet_needs, 'stuck_needs', stuck_needs
            )
            order by seq
          ),
          '[]'
        )
        from chosen
        join tasks on tasks.project_id = ${value('project')} and tasks.task_id = chosen.task_id
      ) as tasks,
      (
        select coalesce(
          jsonb_agg(
            jsonb_build_object(
              'task_id', edge.task_id, 'kind', kind, 'need', need, 'parent', parent, 'state', state
            )
            order by edge.task_id, kind desc, need
          ),
          '[]'
        )
        from chosen
        join task_needs as edge on edge.project_id = ${value('project')} and edge.task_id = chosen.task_id
        where parent in (select task_id from chosen)
      ) as needs,
      (select count(*) from near) < ${constant(GRAPH_LIMITS.graphSteps)}
        and coalesce((select is_whole from chosen limit 1), true) as is_whole
    where ${isAllowed(value('project'), value('allowed_projects'))}`;

const GRAPH_OF_PROJECT = defineRead<OfProject, TaskGraph>({
  name: 'graph_of_project',
  build: (value) =>
    shown(
      value,
      sql`near as materialized (
      select unnest(array[task_id, parent]) as task_id
      from (
        select task_id, parent
        from task_needs
        where project_id = ${value('project')}
          and parent is not null
        order by task_id
        limit ${constant(GRAPH_LIMITS.graphSteps / 2)}
      ) as edge
    )`,
    ),
  toRow: toGraph,
});

// `union` leaves out what was reached at the same distance before; the limit ends the recursion, which runs only as far
// as rows are asked for.
const GRAPH_AROUND_TASK = defineRead<AroundTask, TaskGraph>({
  name: 'graph_around_task',
  build: (value) =>
    shown(
      value,
      sql`reached as (
      select tasks.task_id, 0 as distance
      from tasks
      where tasks.project_id = ${value('project')}
        and tasks.task_id = ${value('task')}
      union
      select beside.task_id, reached.distance + 1
      from reached
      cross join lateral (
        (
          select parent as task_id
          from task_needs
          where project_id = ${value('project')}
            and task_needs.task_id = reached.task_id
            and parent is not null
        )
        union all
        (
          select task_needs.task_id
          from task_needs
          where project_id = ${value('project')}
            and parent = reached.task_id
          limit ${constant(GRAPH_LIMITS.graphTasks)}
        )
      ) as beside
      where reached.distance < ${value('depth')}::int
    ),
    near as materialized (
      select task_id from reached limit ${constant(GRAPH_LIMITS.graphSteps)}
    )`,
    ),
  toRow: toGraph,
});

/** Tasks that need each other, and their needs. Rejects with `task_not_found`. */
export const readGraph = defineOperation({
  name: 'read_graph',
  scope: 'read',
  summary: 'Read the graph of a project, or what lies around a task',
  description: `Lists tasks that need another or are needed, with the needs between them: all of the project, or those within so many needs of a task, in either direction. An answer has at most ${GRAPH_LIMITS.graphTasks} tasks, and says where there are more.`,
  answer: 'The tasks and the needs between them',
  errors: ['task_not_found'],
  input: readGraphInput,
  output: readGraphOutput,
  projects: ({ project }) => [project],
  statements: [GRAPH_OF_PROJECT, GRAPH_AROUND_TASK],
  examples: [
    { project: 'ai-agent-mcp-server' },
    { project: 'ai-agent-mcp-server', task: 'TASK-051', depth: 3 },
  ],
  async run({ run }, { project, task, depth = USUAL_DEPTH }) {
    const [graph] =
      task === undefined
        ? await run(GRAPH_OF_PROJECT, { project })
        : await run(GRAPH_AROUND_TASK, { project, task, depth });
    // Both statements have one row for a caller that may see the project, which was checked.
    if (graph === undefined) throw new TypeError('The graph has no row');
    if (task !== undefined && graph.tasks.length === 0) throw refusal('task_not_found', { task_id: task });
    return graph;
  },
});
