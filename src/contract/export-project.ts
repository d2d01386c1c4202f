import { z } from 'zod';
import { type ExportPosition, exportCursor } from './export-cursor.ts';
import { project } from './fields.ts';
import type { Input } from './input.ts';

const rule: NonNullable<Input['rule']> = ({ project, cursor }, context) => {
  // The field's own schema gives this.
  const at = cursor as ExportPosition | undefined;
  if (at === undefined || at.project === project) return;
  const message = 'is that of an export of another project: name that one, or leave it out to start over';
  context.addIssue({ code: 'custom', path: ['cursor'], message });
};

export const exportProjectInput = { fields: { project, cursor: exportCursor }, rule } satisfies Input;

/** One page; the answer has several, one after the other. */
export const exportProjectOutput = z.strictObject({
  lines: z.array(z.record(z.string(), z.unknown())),
  /** Null after the last. */
  next_cursor: z.string().nullable(),
});
