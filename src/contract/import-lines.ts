import { z } from 'zod';
import {
  LINE_KINDS,
  LINE_RESULTS,
  type LineKind,
  SKIP_REASONS,
  TRANSFER_LIMITS,
} from '../domain/transfer.ts';
import { flag, projectId, unlessLeftOut } from './fields.ts';
import { LINE_SCHEMAS, type Line } from './transfer-lines.ts';
import { mustBe } from './wording.ts';

const isKind = (value: unknown): value is LineKind => LINE_KINDS.some((kind) => kind === value);

function kindOf(line: unknown): unknown {
  // An object other than null has fields by name.
  return typeof line === 'object' && line !== null ? (line as Record<string, unknown>)['kind'] : undefined;
}

/** Reads one line by its kind. Adds the issues that it has under its index. */
function readLine(given: unknown, index: number, context: z.core.$RefinementCtx): Line | undefined {
  const kind = kindOf(given);
  if (!isKind(kind)) {
    const message = `must be an object whose kind is one of ${LINE_KINDS.join(', ')}`;
    context.addIssue({ code: 'custom', path: [index], message });
    return undefined;
  }
  const parsed = LINE_SCHEMAS[kind].safeParse(given, { reportInput: true });
  for (const issue of parsed.error?.issues ?? [])
    context.addIssue({ ...issue, path: [index, ...issue.path] } as Parameters<typeof context.addIssue>[0]);
  return parsed.data === undefined ? undefined : { ...parsed.data, kind };
}

/** How many lines with something wrong are looked at: each may have as many problems as it has fields. */
const MOST_FAULTY = 50;

const lines = z
  .array(z.unknown(), { error: mustBe('an array') })
  .refine(({ length }) => length >= 1 && length <= TRANSFER_LIMITS.linesPerImport, {
    error: `must have 1 to ${TRANSFER_LIMITS.linesPerImport} lines`,
    abort: true,
  })
  .transform((given, context): Line[] => {
    const read: Line[] = [];
    let faulty = 0;
    for (const [index, one] of given.entries()) {
      const line = readLine(one, index, context);
      if (line !== undefined) read.push(line);
      else if (++faulty === MOST_FAULTY) break;
    }
    return faulty === 0 ? read : z.NEVER;
  })
  .meta({
    type: 'array',
    items: { $ref: '#/components/schemas/ExportLine' },
    minItems: 1,
    maxItems: TRANSFER_LIMITS.linesPerImport,
  });

export const importLinesInput = {
  fields: {
    project_id: projectId.meta({ description: 'The project that takes the lines, whichever they come from' }),
    dry_run: unlessLeftOut(flag, false, 'Tells of each line what would become of it, and changes nothing'),
    lines,
  },
};

const lineResult = z.strictObject({
  line: z.int().meta({ description: 'Its place in lines, from 0 on' }),
  result: z.enum(LINE_RESULTS),
  reason: z.enum(SKIP_REASONS).nullable().meta({
    description:
      'Why it was skipped: newer, what is there is; deleted, its id is taken by a task that can be restored; no_task, it is about none; too_many_notes, the task has as many as it may have',
  }),
});

const count = z.int();

export const importLinesOutput = z
  .strictObject({
    counts: z.strictObject({
      added: count,
      replaced: count,
      removed: count,
      unchanged: count,
      skipped: count,
    }),
    results: z
      .array(lineResult)
      .meta({ description: 'Of every line where dry_run is true; otherwise of those that were skipped' }),
  })
  .meta({
    example: {
      counts: { added: 498, replaced: 0, removed: 0, unchanged: 1, skipped: 1 },
      results: [{ line: 17, result: 'skipped', reason: 'newer' }],
    },
  });
