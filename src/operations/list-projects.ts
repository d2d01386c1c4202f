import { sql } from 'drizzle-orm/sql';
import { listProjectsInput, listProjectsOutput, type Project } from '../contract/project.ts';
import { constant } from '../db/sql/constant.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead } from '../db/statement.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { defineOperation } from './define-operation.ts';
import { projectColumns, toProject } from './shown-project.ts';

const LIST_PROJECTS = defineRead<ProjectScope, Project>({
  name: 'list_projects',
  build: (value) => sql`
    select ${projectColumns('projects', sql`task_clock()`)}
    from projects
    where ${isAllowed(sql`project_id`, value('allowed_projects'))}
    order by project_id
    limit ${constant(GRAPH_LIMITS.projectsShown)}`,
  toRow: toProject,
});

/** The projects of the credential that have ever had a task or a setting. */
export const listProjects = defineOperation({
  name: 'list_projects',
  scope: 'read',
  summary: 'List the projects of the credential',
  description:
    'Lists the projects that the credential has access to, as soon as they have a task or a setting, and says what the credential may do.',
  answer: 'The credential, and the projects with their settings',
  errors: [],
  input: listProjectsInput,
  output: listProjectsOutput,
  projects: () => [],
  statements: [LIST_PROJECTS],
  examples: [{}],
  async run({ run, caller: { name, scopes, projects } }) {
    return {
      credential: { name, scopes: [...scopes], projects: projects === '*' ? null : [...projects] },
      projects: [...(await run(LIST_PROJECTS, {}))],
    };
  },
});
