import { z } from 'zod';
import { IDEMPOTENCY_KEY_PATTERN } from './idempotency-key.ts';

/** A key where a door reads one among its arguments. */
export const idempotencyKey = z
  .string({ error: 'must be a string' })
  .regex(IDEMPOTENCY_KEY_PATTERN, { error: 'must have 1 to 255 visible ASCII characters' })
  .optional();
