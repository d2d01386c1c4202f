import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../context.ts';
import { describeHeaders, HEADERS } from '../schemas/answer-headers.ts';

const documentOf = (version: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Task Tracker',
    version,
    summary: 'Task tracking for AI agents',
    description:
      'Agents fetch the next task of a project, move it through its states, list tasks and add batches. Every refusal and every failure has the schema ErrorAnswer: branch on its code, show its error, quote its request_id. Every path also answers OPTIONS with 204; another method than these is refused with 405 (method_not_allowed), a path that is not listed with 404 (route_not_found). The header Allow of 204 and 405 lists the methods of the path.',
  },
  servers: [{ url: '/', description: 'This service' }],
  tags: [
    { name: 'tasks', description: 'The task list of a project' },
    { name: 'claims', description: 'For agents that share a task list' },
    { name: 'operations', description: 'For those who run the service' },
  ],
  security: [{ bearer: [] }],
});

const CREDENTIAL = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key, or a JSON Web Token with the claims exp, projects (a list of ids, or *) and scope. Each operation names the scope that it needs; a project that the credential does not cover is refused with 403, whether or not it exists.',
} as const;

/** Serves the description that is made from the very schemas that validate (OpenAPI 3.1), once for all who ask. */
export function registerOpenApi(app: OpenAPIHono<AppEnv>, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', CREDENTIAL);
  for (const [name, header] of Object.entries(HEADERS)) {
    app.openAPIRegistry.registerComponent('headers', name, header);
  }
  let description: string | undefined;
  app.get('/openapi.json', (c) => {
    description ??= describe(app, version);
    return c.body(description, 200, { 'content-type': 'application/json' });
  });
}

function describe(app: OpenAPIHono<AppEnv>, version: string): string {
  const document = app.getOpenAPI31Document(documentOf(version));
  describeHeaders(document);
  return JSON.stringify(document);
}
