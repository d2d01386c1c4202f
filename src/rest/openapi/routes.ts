import { zodToOpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from '@hono/zod-openapi';
import { newTask } from '../../contract/add-tasks.ts';
import { attempt, shownArtifact, shownProgress, shownUsage } from '../../contract/attempt.ts';
import { claim } from '../../contract/claim.ts';
import { claimContext } from '../../contract/claim-context.ts';
import { event } from '../../contract/event.ts';
import { partialTask } from '../../contract/list-tasks.ts';
import { shownNeed } from '../../contract/needs.ts';
import { project } from '../../contract/project.ts';
import { followedEvent } from '../../contract/read-events.ts';
import { readinessCounts } from '../../contract/readiness-counts.ts';
import { task } from '../../contract/task.ts';
import type { Operation } from '../../operations/define-operation.ts';
import { partsOf } from '../parts.ts';
import { type RequestSchemas, requestSchemas } from '../request-schemas.ts';
import type { Row } from '../row.ts';
import { errorAnswers, errorsOf } from './errors.ts';

for (const [refId, schema] of Object.entries({
  Task: task,
  PartialTask: partialTask,
  Claim: claim,
  Attempt: attempt,
  Progress: shownProgress,
  Usage: shownUsage,
  Artifact: shownArtifact,
  NewTask: newTask,
  Need: shownNeed,
  ClaimContext: claimContext,
  Project: project,
  ReadinessCounts: readinessCounts,
  Event: event,
  FollowedEvent: followedEvent,
})) {
  zodToOpenAPIRegistry.add(schema, { _internal: { refId } });
}

interface OutputExamples {
  readonly example?: object;
  readonly examples?: Readonly<Record<string, object>>;
}

/** Makes the schema of an answer from the operation's output. */
export function answerSchema(name: string, { output }: Operation) {
  if (!isObject(output)) throw new TypeError(`The output of ${name} is no object`);
  const { example } = examplesOf(output);
  const schema = z.strictObject({ success: z.literal(true), ...output.shape });
  return example === undefined
    ? schema.openapi(name)
    : schema.openapi(name, { example: { success: true, ...example } });
}

const isObject = (schema: z.ZodType): schema is z.ZodObject => 'shape' in schema;

// The contract gives outputs these two and nothing else.
const examplesOf = (output: z.ZodType): OutputExamples => (output.meta() ?? {}) as OutputExamples;

/** The schema of a body with the example of the operation. */
export function bodySchema(name: string, body: NonNullable<RequestSchemas['body']>, example: object) {
  return body.openapi(name, { example });
}

/** Describes a row of the route table. */
export function describeRoute(row: Row, operation: Operation) {
  const { names } = row;
  const schemas = requestSchemas(row, operation);
  return {
    method: row.method,
    path: row.path,
    operationId: names.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [names.tag],
    security: [{ bearer: [operation.scope] }],
    request: requestOf(row, operation, schemas),
    responses: {
      200: {
        description: operation.answer,
        content: contentOf(names, operation),
      },
      ...errorAnswers(errorsOf(row, operation)),
    },
  };
}

const contentOf = ({ answer, text = 'text/plain', streams }: Row['names'], operation: Operation) => ({
  ...(answer === undefined ? { [text]: { schema: z.string() } } : jsonOf(answer, operation)),
  ...(streams ? EVENT_STREAM : {}),
});

const EVENT_STREAM = { 'text/event-stream': { schema: z.string() } };

function jsonOf(name: string, operation: Operation) {
  const { examples = {} } = examplesOf(operation.output);
  const named = Object.entries(examples).map(([key, value]) => [key, { value: { success: true, ...value } }]);
  const schema = answerSchema(name, operation);
  return {
    'application/json': named.length === 0 ? { schema } : { schema, examples: Object.fromEntries(named) },
  };
}

function requestOf(row: Row, operation: Operation, { query, path, headers, body }: RequestSchemas) {
  const { inBody } = partsOf(row, operation);
  const example = Object.fromEntries(
    Object.entries(operation.examples[0] ?? {}).filter(([name]) => inBody.includes(name)),
  );
  return {
    // schemaOf makes objects.
    ...(query === undefined ? {} : { query: query as z.ZodObject }),
    ...(path === undefined ? {} : { params: path as z.ZodObject }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined || row.names.body === undefined
      ? {}
      : {
          body: {
            required: true,
            content: { 'application/json': { schema: bodySchema(row.names.body, body, example) } },
          },
        }),
  };
}
