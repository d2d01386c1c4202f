import { z } from 'zod';
import { pick, schemaOf } from '../contract/input.ts';
import { idempotencyKey } from '../http/idempotency-key-schema.ts';
import type { Operation } from '../operations/define-operation.ts';
import { partsOf } from './parts.ts';
import type { Row } from './row.ts';

const writeHeaders = z.object({
  'idempotency-key': idempotencyKey.meta({
    description:
      'Identifies this request: a repetition with the same key within 24 hours gets the first answer and changes nothing. Choose a new key for each request, such as a UUID.',
    example: '6f1c2f0e-5a51-4c3a-9a1e-0d7c1c9a7d55',
  }),
});

const conditionalHeaders = writeHeaders.extend({
  'if-match': z.string().optional().meta({
    description:
      'The ETag of the task as you have read it: where somebody has edited it since, the answer is 412 (RFC 9110, section 13.1.1)',
    example: '"3"',
  }),
});

/** In the order in which the parts are checked. */
export interface RequestSchemas {
  readonly query?: z.ZodType<Record<string, unknown>>;
  readonly path?: z.ZodType<Record<string, unknown>>;
  readonly headers?: typeof writeHeaders | typeof conditionalHeaders;
  readonly body?: z.ZodType<Record<string, unknown>>;
}

/** Makes the schemas of a row from the input of its operation. */
export function requestSchemas(row: Row, operation: Operation): RequestSchemas {
  const { inPath, inQuery, inBody } = partsOf(row, operation);
  const { fields, rule } = operation.input;
  // What a rule compares is in the body, or else in the query.
  const ofQuery = {
    fields: { ...fields, ...row.texts },
    ...(rule && row.names.body === undefined ? { rule } : {}),
  };
  return {
    ...(row.query === 'ignored' ? {} : { query: schemaOf('parameter', ofQuery, inQuery) }),
    ...(inPath.length === 0 ? {} : { path: z.object(pick(fields, inPath)) }),
    ...(row.names.body === undefined
      ? {}
      : {
          headers: row.names.hasEtag ? conditionalHeaders : writeHeaders,
          body: schemaOf('field', { fields, ...(rule && { rule }) }, inBody),
        }),
  };
}
