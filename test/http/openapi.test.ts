import { beforeEach, describe, expect, it } from 'vitest';
import { newTask as newTaskSchema } from '../../src/contract/add-tasks.ts';
import { task as taskSchema } from '../../src/contract/task.ts';
import { ERRORS } from '../../src/domain/errors/index.ts';
import document from '../../src/rest/assets/openapi.json';
import { describeService } from '../../src/rest/openapi/document.ts';
import { errorAnswer } from '../../src/rest/openapi/errors.ts';
import { healthAnswer, notReadyAnswer } from '../../src/rest/openapi/health.ts';
import { answerSchema } from '../../src/rest/openapi/routes.ts';
import { requestSchemas } from '../../src/rest/request-schemas.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import { type AnswerBody, newTask } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { operationOf } from '../support/requests.ts';

interface Content {
  readonly 'application/json'?: {
    readonly schema: { readonly $ref: string };
    readonly examples?: Record<string, { value: AnswerBody }>;
  };
}

interface Form {
  readonly pattern?: string;
  readonly enum?: unknown[];
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly tags: string[];
  readonly security: unknown;
  readonly parameters?: { name: string; in: string; required?: boolean; schema: Form }[];
  readonly requestBody?: { required: boolean; content: Content };
  readonly responses: Record<string, { description: string; content: Content }>;
}

interface Document {
  readonly openapi: string;
  readonly info: Record<string, unknown>;
  readonly servers: unknown[];
  readonly security: unknown[];
  readonly tags: { name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    securitySchemes: unknown;
    schemas: Record<string, { properties?: Record<string, Form>; example?: unknown }>;
  };
}

/** The schemas of the route table by the names of their components. */
const OF_ROUTES = Object.fromEntries(
  ROUTES.flatMap((row) => {
    const operation = operationOf(row);
    const { answer, body } = row.names;
    const { body: bodySchema } = requestSchemas(row, operation);
    return [
      ...(answer === undefined ? [] : [[answer, answerSchema(answer, operation)] as const]),
      ...(body === undefined || bodySchema === undefined ? [] : [[body, bodySchema] as const]),
    ];
  }),
);

/** The schemas by the names of their components; those with an example there must accept it. */
const SCHEMAS: Readonly<Record<string, { safeParse(value: unknown): { readonly success: boolean } }>> = {
  ...OF_ROUTES,
  ErrorAnswer: errorAnswer,
  HealthAnswer: healthAnswer,
  NewTask: newTaskSchema,
  NotReadyAnswer: notReadyAnswer,
  Task: taskSchema,
};
/** Those whose examples stand with the answers, one of each kind. */
const WITHOUT_EXAMPLE = [
  'ClaimAnswer',
  'ErrorAnswer',
  'HealthAnswer',
  'HeartbeatAnswer',
  'NewTask',
  'NextAnswer',
  'NotReadyAnswer',
  'TaskAnswer',
];
const EXEMPLARY = Object.keys(SCHEMAS).filter((name) => !WITHOUT_EXAMPLE.includes(name));

/** What a write to one task can be answered. */
const WRITING = '200 400 401 403 404 409 413 414 415 422 429 431 500 503'.split(' ');

/** The places of a value that hold an empty text, list or object. */
function emptyIn(value: unknown, path = ''): string[] {
  if (value === '') return [path];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, inner]) => emptyIn(inner, `${path}/${key}`));
}

/** The component that a schema refers to; a test of its own says that each is among those known here. */
function nameIn({ $ref }: { readonly $ref: string }): string {
  return $ref.replace('#/components/schemas/', '');
}

describe('the file with the description', () => {
  it('the file is what the generator makes of the code', async () => {
    expect(document).toEqual(await describeService(document.info.version));
  });
});

describe('the OpenAPI description', () => {
  let document: Document;

  beforeEach(async () => {
    const response = await appUnderTest().send('/openapi.json');
    // The shape that OpenAPI 3.1 prescribes; a test that expects more fails on its value.
    document = (await response.json()) as Document;
  });

  it('the description is OpenAPI 3.1 and lists every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const table = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(routes.sort()).toEqual([...table, 'get /health', 'get /ready'].sort());
    expect(routes).toEqual(
      expect.arrayContaining([
        'delete /tasks/{task_id}',
        'get /events',
        'get /health',
        'get /metrics',
        'get /ready',
        'get /tasks',
        'get /tasks/next',
        'get /tasks/{task_id}',
        'get /tasks/{task_id}/history',
        'post /tasks/batch',
        'post /tasks/claim',
        'post /tasks/{task_id}/heartbeat',
        'post /tasks/{task_id}/release',
        'put /tasks/{task_id}/status',
      ]),
    );
  });

  it('the description has the bounds that are enforced', () => {
    const limit = document.paths['/tasks']?.['get']?.parameters?.find(({ name }) => name === 'limit');
    expect(limit).toMatchObject({ in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } });
    expect(document.components.schemas['NewTask']).toMatchObject({
      additionalProperties: false,
      required: ['description'],
      properties: { description: { type: 'string', minLength: 1, maxLength: 10_000 } },
    });
  });

  it('only the answer to GET /tasks/next may have no task', () => {
    const { Task, NextAnswer } = document.components.schemas;
    expect(Task).toMatchObject({ type: 'object' });
    expect(NextAnswer).toMatchObject({
      properties: { task: { anyOf: [{ $ref: '#/components/schemas/Task' }, { type: 'null' }] } },
    });
  });

  it('each error is shown under its real status', () => {
    const refusals = operations()
      .flatMap(({ responses }) => Object.entries(responses))
      .filter(([status]) => status !== '200');
    for (const [status, { content }] of refusals) {
      const examples = Object.values(content['application/json']?.examples ?? {}).map(({ value }) => value);
      expect(examples.length).toBeGreaterThan(0);
      // Health has one form, whatever the status.
      for (const { code } of examples.filter((value) => !healthAnswer.safeParse(value).success)) {
        expect(ERRORS).toHaveProperty([code, 'status'], Number(status));
      }
    }
  });

  const exampleOf = (name: string) =>
    operations()
      .flatMap(({ responses }) => Object.values(responses))
      .flatMap(({ content }) => content['application/json']?.examples?.[name] ?? [])
      .at(0)?.value;

  const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

  it('every operation has a name of its own and a tag that is described', () => {
    const tags = document.tags.map(({ name }) => name);
    expect(tags).toEqual(['tasks', 'claims', 'graph', 'projects', 'ids', 'events', 'operations']);
    for (const operation of operations()) {
      expect(operation).toMatchObject({ operationId: expect.any(String), summary: expect.any(String) });
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
    }
    expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(operations().length);
  });

  it('the description says where the service is and which scopes it asks for', () => {
    expect(document.servers).toEqual([expect.objectContaining({ url: '/' })]);
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(document.components.securitySchemes).toEqual({
      bearer: { type: 'http', scheme: 'bearer', description: expect.any(String) },
    });
    const securities = Object.fromEntries(
      operations().map(({ operationId, security }) => [operationId, security]),
    );
    for (const row of ROUTES) {
      expect(securities[row.names.id]).toEqual([{ bearer: [operationOf(row).scope] }]);
    }
    expect(securities).toMatchObject({
      getHealth: [],
      getReadiness: [{ bearer: [] }],
      getMetrics: [{ bearer: ['admin'] }],
      deleteTask: [{ bearer: ['admin'] }],
      getNextTask: [{ bearer: ['read'] }],
      listTasks: [{ bearer: ['read'] }],
      getTask: [{ bearer: ['read'] }],
      addTasks: [{ bearer: ['write'] }],
      claimTask: [{ bearer: ['write'] }],
      heartbeatClaim: [{ bearer: ['write'] }],
      releaseClaim: [{ bearer: ['write'] }],
      updateTaskStatus: [{ bearer: ['write'] }],
    });
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  });

  it('every body is required, and every content refers to a schema', () => {
    const bodies = operations().flatMap(({ requestBody }) => requestBody ?? []);
    expect(bodies.map(({ required }) => required)).toEqual(
      ROUTES.filter(({ names }) => names.body !== undefined).map(() => true),
    );
    const contents = operations().flatMap(({ responses }) => Object.values(responses));
    for (const { content } of [...bodies, ...contents]) {
      const json = content['application/json'];
      if (json === undefined)
        expect(['text/plain', 'application/x-ndjson']).toEqual(expect.arrayContaining(Object.keys(content)));
      else expect(SCHEMAS).toHaveProperty(nameIn(json.schema));
    }
  });

  it('each operation lists the answers that it can give', () => {
    const statuses = operations().map(({ operationId, responses }) => [operationId, Object.keys(responses)]);
    expect(Object.fromEntries(statuses)).toMatchObject({
      getHealth: ['200', '400', '414', '431'],
      getMetrics: ['200', '400', '401', '403', '414', '429', '431', '500', '503'],
      getReadiness: ['200', '400', '401', '414', '429', '431', '500', '503'],
      getNextTask: ['200', '400', '401', '403', '414', '429', '431', '500', '503'],
      listTasks: ['200', '400', '401', '403', '414', '422', '429', '431', '500', '503'],
      getTask: ['200', '400', '401', '403', '404', '414', '429', '431', '500', '503'],
      deleteTask: ['200', '400', '401', '403', '404', '414', '429', '431', '500', '503'],
      addTasks: WRITING,
      claimTask: WRITING.filter((status) => !['404', '409'].includes(status)),
      heartbeatClaim: WRITING,
      releaseClaim: WRITING,
      updateTaskStatus: WRITING,
    });
  });

  it.each(EXEMPLARY)('the example of %s is accepted by its schema', (name) => {
    const { example } = document.components.schemas[name] ?? {};
    expect(SCHEMAS[name]?.safeParse(example)).toMatchObject({ success: true });
  });

  it('every example of an answer is accepted by its schema', () => {
    const responses = operations().flatMap((operation) => Object.entries(operation.responses));
    const examples = responses.flatMap(([, { content }]) => {
      const json = content['application/json'];
      if (json === undefined) return [];
      return Object.values(json.examples ?? {}).map(({ value }) => ({ name: nameIn(json.schema), value }));
    });
    for (const { name, value } of examples) {
      expect(SCHEMAS[name]?.safeParse(value)).toMatchObject({ success: true });
      expect(JSON.stringify(value)).not.toContain('undefined');
    }
    const next = examples.filter(({ name }) => name === 'NextAnswer');
    expect(next.map(({ value }) => 'message' in value)).toEqual([false, true]);
  });

  it('the examples of invalid requests say what the service says', async () => {
    const app = appUnderTest();
    const task = newTask('p', 'TASK-046');
    const asked = {
      missing_project: app.get('/tasks'),
      unknown_parameter: app.get('/tasks/next?project=p&projct=q'),
      invalid_body: app.put('/tasks/TASK-051/status', { status: 'done' }),
      duplicate_ids: app.post('/tasks/batch', { tasks: [task, task] }),
    };
    for (const [name, answer] of Object.entries(asked)) {
      const shown = exampleOf(name);
      expect(shown).toEqual({ ...(await answer).body, request_id: shown?.request_id });
    }
  });

  it('the examples of refusals name the task of the other examples', () => {
    expect(exampleOf('task_not_found')?.error).toBe('Task TASK-051 not found');
    expect(exampleOf('ambiguous_task')?.details).toMatchObject({ task_id: 'TASK-051' });
    expect(exampleOf('claimed_by_other')?.error).toContain('TASK-051');
    expect(exampleOf('task_exists')?.details['task_ids']).toEqual(['TASK-046']);
  });

  it('every answer has a description', () => {
    for (const { responses } of operations()) {
      for (const { description } of Object.values(responses)) expect(description).toEqual(expect.any(String));
    }
  });

  it('every parameter has a type, and every pattern an example that matches', () => {
    const parameters = operations().flatMap((operation) => operation.parameters ?? []);
    const fields = Object.values(document.components.schemas['NewTask']?.properties ?? {});
    for (const { schema } of parameters) expect(schema).toHaveProperty('type');
    const forms = [...parameters.map(({ schema }) => schema), ...fields].filter(
      ({ pattern, enum: values }) => pattern !== undefined || values !== undefined,
    );
    expect(forms.length).toBeGreaterThan(0);
    for (const { pattern = '', enum: values, example } of forms) {
      expect(example).toMatch(new RegExp(pattern));
      if (values !== undefined) expect(values).toContain(example);
    }
  });

  it('nothing in the description is empty except on purpose', () => {
    // No example of a task has made anything.
    const empty = emptyIn(document).filter((place) => !place.endsWith('/artifacts'));
    expect(empty).toEqual([
      '/security/0/bearer',
      '/components/schemas/Task/properties/metadata/additionalProperties',
      '/components/schemas/ErrorAnswer/properties/details/additionalProperties',
      '/components/schemas/PartialTask/properties/metadata/additionalProperties',
      '/components/schemas/BatchRequest/example/tasks/0/context_notes',
      '/components/schemas/BatchRequest/example/tasks/1/context_notes',
      '/components/schemas/ClaimContext/properties/needs/items/properties/result',
      '/components/schemas/RestoreRequest/properties',
      '/components/schemas/RestoreRequest/example',
      '/components/schemas/ExplainAnswer/properties/conditions/items/properties/calls/items/properties/arguments/additionalProperties',
      '/components/schemas/ExplainAnswer/example/conditions/0/calls',
      '/components/schemas/ExplainAnswer/example/dependents',
      '/components/schemas/Event/properties/data/additionalProperties',
      '/components/schemas/FollowedEvent/properties/data/additionalProperties',
      '/components/parameters',
      '/paths//health/get/security',
      '/paths//ready/get/security/0/bearer',
      '/webhooks',
    ]);
  });
});
