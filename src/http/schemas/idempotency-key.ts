import { z } from '@hono/zod-openapi';

/** 1 to 255 visible characters of ASCII (RFC 5234, VCHAR). */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/** The headers of a request that changes something. */
export const writeHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(IDEMPOTENCY_KEY_PATTERN, { error: 'must have 1 to 255 visible ASCII characters' })
    .optional()
    .openapi({
      description:
        'Names this request: sent again with the same key within 24 hours, it gets the first answer again and nothing is done twice. A key of your own for each request, such as a UUID.',
      example: '6f1c2f0e-5a51-4c3a-9a1e-0d7c1c9a7d55',
    }),
});
