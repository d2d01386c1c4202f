import { sql } from 'drizzle-orm/sql';
import { type Project, putProjectInput, putProjectOutput } from '../contract/project.ts';
import { asJson } from '../db/sql/json.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRenewal } from '../db/statement.ts';
import type { Completion, Readiness } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';
import { projectColumns, toProject } from './shown-project.ts';

type Values = ProjectScope & {
  readonly project_id: string;
  /** Null leaves a setting as it is. */
  readonly readiness: Readiness | null;
  readonly completion: Completion | null;
  readonly sets_pause: boolean;
  readonly reason: string | null;
  readonly until: string | null;
  readonly task_id_prefix: string | null;
  /** As JSON. */
  readonly artifact_types: string | null;
};

const PUT_PROJECT = defineRenewal<Values, Project>({
  name: 'put_project',
  build: (value, setCaller) => ({
    steps: sql`
    done as materialized (
      select numbered.*
      from (
        select ${setCaller} as caller where ${isAllowed(value('project_id'), value('allowed_projects'))}
      ) as allowed
      cross join lateral put_project(
        ${value('project_id')}, ${value('readiness')}::text, ${value('completion')}::text,
        ${value('sets_pause')}::boolean, ${value('reason')}::text, ${value('until')}::timestamptz
      ) as changed
      cross join lateral set_numbering(
        changed.project_id, ${value('task_id_prefix')}::text, ${value('artifact_types')}::jsonb
      ) as numbered
      where allowed.caller is not null
    )`,
    outcome: sql`select ${projectColumns('done', sql`task_clock()`)} from done`,
  }),
  toRow: toProject,
});

/** Sets settings of a project. Rejects with `artifact_has_producer`, `need_cycle` or `project_too_large`. */
export const putProject = defineOperation({
  name: 'put_project',
  scope: 'admin',
  summary: 'Set the settings of a project',
  description:
    'Sets what makes tasks ready, whether completions are checked, whether the project is paused, and which ids it gives out. What is left out stays as it is. A paused project gives no task; claims that are held go on.',
  answer: 'The project with its settings',
  errors: ['artifact_has_producer', 'need_cycle', 'project_too_large'],
  input: putProjectInput,
  output: putProjectOutput,
  projects: ({ project_id }) => [project_id],
  statements: [PUT_PROJECT],
  examples: [
    { project_id: 'ai-agent-mcp-server', readiness: 'inputs', paused: { reason: 'The model is down' } },
  ],
  async run({ run }, { project_id, readiness = null, completion = null, paused, ...numbering }) {
    const pause = {
      sets_pause: paused !== undefined,
      reason: paused?.reason ?? null,
      until: paused?.until ?? null,
    };
    const { task_id_prefix = null, artifact_types } = numbering;
    const numbers = { task_id_prefix, artifact_types: asJson(artifact_types) };
    const [project] = await run(PUT_PROJECT, { project_id, readiness, completion, ...pause, ...numbers });
    if (project === undefined) throw new Error('A change of a project always has an outcome');
    return { updated_project: project };
  },
});
