import { z } from 'zod';
import { exportCursor } from './export-cursor.ts';
import { project } from './fields.ts';

export const exportProjectInput = { fields: { project, cursor: exportCursor } };

/** One page; the answer has several, one after the other. */
export const exportProjectOutput = z.strictObject({
  lines: z.array(z.record(z.string(), z.unknown())),
  /** Null after the last. */
  next_cursor: z.string().nullable(),
});
