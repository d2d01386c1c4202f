import { sql } from 'drizzle-orm/sql';
import { explainTaskInput, explainTaskOutput } from '../contract/explain-task.ts';
import { constant } from '../db/sql/constant.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { needsOf } from '../db/sql/needs-of.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead, type RawRow } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { type Explained, explain } from '../domain/explain.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';
import { toShownNeeds } from './shown-needs.ts';
import { projectColumns } from './shown-project.ts';

interface Found {
  readonly task: Explained;
  readonly dependents: string[];
}

type Values = ProjectScope & { readonly project: string; readonly task_id: string };

// A task may be in a project without settings, whose columns are null then.
const EXPLAIN_TASK = defineRead<Values, Found>({
  name: 'explain_task',
  build: (value) => sql`
    with clock as materialized (
      select task_clock() as now
    )
    select
      tasks.task_id, tasks.project_id, status, attempt, max_attempts, expiries, claimed_by,
      ${isoMoment(sql`not_before`)} as not_before, ${isoMoment(sql`retry_at`)} as retry_at,
      ${isoMoment(sql`lease_expires_at`)} as lease_expires_at,
      claimed_by is null or lease_expires_at > now or expiries + 1 < coalesce(max_expiries, max_attempts) as expiries_left,
      coalesce(status = 'pending' and not_before > now, false) as is_early,
      coalesce(status = 'pending' and retry_at > now, false) as is_pausing,
      coalesce(lease_expires_at > now, false) as is_leased,
      settings.paused,
      ${needsOf('tasks')} as needs,
      (
        select coalesce(jsonb_agg(waiting.task_id order by waiting.task_id), '[]')
        from (
          select distinct edge.task_id
          from task_needs as edge
          where edge.project_id = tasks.project_id
            and edge.parent = tasks.task_id
            and edge.state <> 'met'
          order by edge.task_id
          limit ${constant(GRAPH_LIMITS.dependentsShown)}
        ) as waiting
      ) as dependents
    from tasks
    cross join clock
    left join lateral (
      select ${projectColumns('projects', sql`clock.now`)}
      from projects
      where projects.project_id = tasks.project_id
    ) as settings on true
    where tasks.task_id = ${value('task_id')}
      and tasks.project_id = ${value('project')}
      and ${isAllowed(value('project'), value('allowed_projects'))}`,
  toRow: (row: RawRow) => {
    const { dependents, ...task } = row;
    // The columns' types, NOT NULL and jsonb_build_object guarantee the values.
    return { task: task as unknown as Explained, dependents: dependents as string[] };
  },
});

/** Says of each condition of a claim whether the task meets it, and what would change that. Rejects with `task_not_found`. */
export const explainTask = defineOperation({
  name: 'explain_task',
  scope: 'read',
  summary: 'Explain why a task is claimable or not',
  description:
    'Tells each condition that a claim asks for: status, needs, inputs, not_before, retry, lease, attempts, pause and scope; whether it is met, by whom it is held up, and the call that would change it.',
  answer: 'The conditions, the needs, and what waits for the task',
  errors: ['task_not_found'],
  input: explainTaskInput,
  output: explainTaskOutput,
  projects: ({ project }) => [project],
  statements: [EXPLAIN_TASK],
  examples: [{ task_id: 'TASK-051', project: 'ai-agent-mcp-server' }],
  async run({ run, caller }, { task_id, project }) {
    const [found] = await run(EXPLAIN_TASK, { task_id, project });
    if (found === undefined) throw refusal('task_not_found', { task_id });
    const { task, dependents } = found;
    const conditions = explain(task, caller.scopes.includes('write'));
    return {
      task_id: task.task_id,
      project_id: task.project_id,
      status: task.status,
      claimable: conditions.every(({ met }) => met),
      conditions,
      needs: toShownNeeds(task.needs),
      dependents,
    };
  },
});
