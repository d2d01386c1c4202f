import { OpenAPIHono } from '@hono/zod-openapi';
import { toJSONSchema } from 'zod/v4/core';
import { newNeed } from '../../contract/needs.ts';
import { LINE_SCHEMAS } from '../../contract/transfer-lines.ts';
import { loadOperation } from '../../operations/index.ts';
import { ROUTES } from '../routes.ts';
import { describeHeaders, HEADERS } from './headers.ts';
import { HEALTH_ROUTES } from './health.ts';
import { describeRoute } from './routes.ts';

const ABOUT = {
  title: 'Task Tracker',
  summary: 'Task tracking for AI agents',
  description:
    'Agents fetch the next task of a project, move it through its states, list tasks and add batches. Every refusal and failure has the schema ErrorAnswer: branch on its code, show its error, quote its request_id. Every path also answers OPTIONS with 204. The service refuses other methods with 405 (method_not_allowed) and unlisted paths with 404 (route_not_found). The header Allow of 204 and 405 lists the methods of the path.',
};

const TAGS = [
  { name: 'tasks', description: 'The task list of a project' },
  { name: 'claims', description: 'For agents that share a task list' },
  { name: 'graph', description: 'What tasks wait for' },
  { name: 'projects', description: 'The settings of projects, and how their tasks stand' },
  { name: 'ids', description: 'Ids of tasks and artifacts, none of which is given out twice' },
  { name: 'events', description: 'For whoever follows what happens' },
  { name: 'operations', description: 'For operators of the service' },
];

const CREDENTIAL = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key, or a JSON Web Token with the claims exp, projects (a list of ids, or *) and scope. Each operation names the scope that it needs. The service answers 403 for a project that the credential has no access to, whether or not it exists.',
} as const;

/** A task id alone is a need, too, which the schema that validates makes of it before it looks. */
function newNeedSchema() {
  const { $schema: _, ...whole } = toJSONSchema(newNeed, { io: 'input' });
  // JSON Schema is what OpenAPI 3.1 takes; the generator's own type knows less of it.
  return {
    anyOf: [{ type: 'string', description: 'The id of a task that must be completed' }, whole],
  } as object;
}

/** The lines of an export by their kind. */
function exportLineSchema() {
  const kinds = Object.entries(LINE_SCHEMAS).map(([name, schema]) => {
    const { $schema: _, ...whole } = toJSONSchema(schema, { io: 'input' });
    return { title: name, ...whole };
  });
  // As for newNeedSchema.
  return { oneOf: kinds } as object;
}

/** Describes the service in OpenAPI 3.1, from the very schemas that validate. */
export async function describeService(version: string) {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  openAPIRegistry.registerComponent('securitySchemes', 'bearer', CREDENTIAL);
  for (const [name, header] of Object.entries(HEADERS)) {
    openAPIRegistry.registerComponent('headers', name, header);
  }
  openAPIRegistry.registerComponent('schemas', 'NewNeed', newNeedSchema());
  openAPIRegistry.registerComponent('schemas', 'ExportLine', exportLineSchema());
  for (const row of ROUTES) {
    openAPIRegistry.registerPath(describeRoute(row, await loadOperation(row.operation)));
  }
  for (const route of HEALTH_ROUTES) openAPIRegistry.registerPath(route);
  const document = getOpenAPI31Document({
    openapi: '3.1.0',
    info: { ...ABOUT, version },
    servers: [{ url: '/', description: 'This service' }],
    tags: TAGS,
    security: [{ bearer: [] }],
  });
  const withEtag = ROUTES.flatMap(({ names }) => (names.hasEtag ? [names.id] : []));
  describeHeaders(document, new Set(withEtag));
  return document;
}
