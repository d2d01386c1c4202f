import { beforeAll, describe, expect, it } from 'vitest';
import { STATUS_OF } from '../../src/http/errors.ts';
import { appUnderTest } from '../support/app.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: { name: string; in: string; required?: boolean; schema: Record<string, unknown> }[];
  readonly responses: Record<
    string,
    { content: { 'application/json': { examples?: Record<string, { value: { code: string } }> } } }
  >;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Record<string, unknown>> };
}

describe('the OpenAPI description', () => {
  let document: Document;

  beforeAll(async () => {
    const response = await appUnderTest().send('/openapi.json');
    // The shape that OpenAPI 3.1 prescribes; a test that expects more fails on its value.
    document = (await response.json()) as Document;
  });

  it('is OpenAPI 3.1 and lists every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'get /tasks',
      'get /tasks/next',
      'get /tasks/{task_id}',
      'post /tasks/batch',
      'put /tasks/{task_id}/status',
    ]);
  });

  it('describes the bounds that are enforced', () => {
    const limit = document.paths['/tasks']?.['get']?.parameters?.find(({ name }) => name === 'limit');
    expect(limit).toMatchObject({ in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } });
    expect(document.components.schemas['NewTask']).toMatchObject({
      additionalProperties: false,
      required: ['task_id', 'project_id', 'description'],
      properties: { description: { type: 'string', minLength: 1, maxLength: 10_000 } },
    });
  });

  it('says of one answer only that it may have no task', () => {
    const { Task, NextAnswer } = document.components.schemas;
    expect(Task).toMatchObject({ type: 'object' });
    expect(NextAnswer).toMatchObject({
      properties: { task: { anyOf: [{ $ref: '#/components/schemas/Task' }, { type: 'null' }] } },
    });
  });

  it('shows errors under the status that they really have', () => {
    for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (status === '200') continue;
        const examples = Object.values(content['application/json'].examples ?? {});
        expect(examples.length).toBeGreaterThan(0);
        for (const { value } of examples) {
          expect(STATUS_OF).toHaveProperty(value.code, Number(status));
        }
      }
    }
  });
});
