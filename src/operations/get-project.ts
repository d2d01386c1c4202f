import { sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { getProjectInput, getProjectOutput } from '../contract/project.ts';
import type { ReadinessCounts } from '../contract/readiness-counts.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { oldestReady, readinessCounts } from '../db/sql/readiness-counts.ts';
import { defineRead } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';
import { projectColumns, toProject } from './shown-project.ts';

const GET_PROJECT = defineRead<
  ProjectScope & { readonly project_id: string },
  z.output<typeof getProjectOutput>
>({
  name: 'get_project',
  build: (value) => {
    const now = sql`(select now from clock)`;
    return sql`
    with clock as materialized (
      select task_clock() as now
    )
    select
      ${projectColumns('projects', now)},
      ${readinessCounts(value('project_id'), now, GRAPH_LIMITS.counted)} as counts,
      ${oldestReady(value('project_id'), now)} as oldest
    from projects
    where project_id = ${value('project_id')}
      and ${isAllowed(value('project_id'), value('allowed_projects'))}`;
  },
  toRow: (row) => ({
    project: toProject(row),
    // jsonb_build_object gives the counts their shape.
    counts: row['counts'] as ReadinessCounts,
    oldest_ready_seconds: row['oldest'] === null ? null : Number(row['oldest']),
  }),
});

/** The settings of a project and how its tasks stand. Rejects with `project_not_found`. */
export const getProject = defineOperation({
  name: 'get_project',
  scope: 'read',
  summary: 'Get a project and how its tasks stand',
  description:
    'Tells the settings of a project, how many of its tasks are ready, delayed, blocked, stuck, in progress, expired and failed, and the age of the oldest one that is ready.',
  answer: 'The project and its counts',
  errors: ['project_not_found'],
  input: getProjectInput,
  output: getProjectOutput,
  projects: ({ project_id }) => [project_id],
  statements: [GET_PROJECT],
  examples: [{ project_id: 'ai-agent-mcp-server' }],
  async run({ run }, { project_id }) {
    const [found] = await run(GET_PROJECT, { project_id });
    if (found === undefined) throw refusal('project_not_found', { project_id });
    return found;
  },
});
