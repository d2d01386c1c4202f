import { z } from '@hono/zod-openapi';
import { LONGEST_DELAY_SECONDS } from '../../domain/claims.ts';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../../domain/task.ts';
import { text } from './text.ts';
import { MISSING, mustBe, NOT_AN_ARRAY } from './wording.ts';

const PROJECT_ID_FORM =
  'must be 1 to 100 letters, digits, dots, underscores or hyphens, the first a letter or digit';

const projectIdSaying = (error: string | ((issue: { input?: unknown }) => string)) =>
  z
    .string({ error: mustBe('a string') })
    .regex(PROJECT_ID_PATTERN, { error, abort: true })
    .openapi({ example: 'ai-agent-mcp-server' });

export const projectId = projectIdSaying(PROJECT_ID_FORM);

/** The parameter where it is required: `?project=` names no project, so it counts as missing. */
export const project = projectIdSaying(({ input }) =>
  input === '' ? 'Missing required parameter: project' : PROJECT_ID_FORM,
);

export const taskId = z
  .string({ error: mustBe('a string') })
  .regex(TASK_ID_PATTERN, {
    error: 'must be capital letters and digits, a hyphen and a number, such as TASK-051',
    abort: true,
  })
  // Unlike a refinement, zod's own check of a length measures whatever has one, such as an array.
  .refine(({ length }) => length <= LIMITS.taskIdCharacters, {
    error: `must have at most ${LIMITS.taskIdCharacters} characters`,
    abort: true,
  })
  .openapi({ example: 'TASK-051', maxLength: LIMITS.taskIdCharacters });

export const STATUS_FORM = `must be one of ${STATUSES.join(', ')}`;

export const status = z
  .enum(STATUSES, {
    error: ({ input }) => {
      if (input === undefined) return MISSING;
      return Array.isArray(input) ? `${STATUS_FORM}, ${NOT_AN_ARRAY}` : STATUS_FORM;
    },
  })
  .openapi({ example: 'pending' });

export const flag = z.boolean({ error: mustBe('true or false') });

const artifactBounds = { min: 1, max: LIMITS.artifactCharacters };
const artifact = text(artifactBounds);

/** The names of artifacts. Only the first wrong one is told: a batch has room for more than can be kept. */
export const artifacts = z
  .array(z.unknown(), { error: mustBe('an array') })
  .refine(({ length }) => length <= LIMITS.artifactsPerList, {
    error: `must have at most ${LIMITS.artifactsPerList} entries`,
    abort: true,
  })
  .transform((entries, context): string[] => {
    for (const [index, entry] of entries.entries()) {
      const message = artifact.safeParse(entry).error?.issues[0]?.message;
      if (message === undefined) continue;
      context.addIssue({ code: 'custom', path: [index], message });
      return z.NEVER;
    }
    // Every entry has passed as a text.
    return entries as string[];
  })
  .openapi({
    type: 'array',
    items: { type: 'string', minLength: artifactBounds.min, maxLength: artifactBounds.max },
    maxItems: LIMITS.artifactsPerList,
  });

export const notes = text({ max: LIMITS.notesCharacters });

/** A whole number from one bound to the other. */
export const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .int({ error: ({ input }) => (input === undefined ? MISSING : error), abort: true })
    .min(least, { error, abort: true })
    .max(most, { error, abort: true });
};

/**
 * A field that counts as `value` where it is left out. Only the description tells so: a default of the schema would
 * make generated types demand the field.
 */
export function unlessLeftOut<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  description?: string,
) {
  const told = Array.isArray(value) ? 'empty' : String(value);
  return schema
    .optional()
    .transform((given): z.output<Schema> => (given === undefined ? value : given))
    .openapi({ description: [description, `Default: ${told}`].filter(Boolean).join('. ') });
}

/** The fencing token of a claim, as POST /tasks/claim gave it. */
export const claimToken = wholeNumber(1, Number.MAX_SAFE_INTEGER).openapi({
  format: 'int64',
  example: 1042,
});

export const delaySeconds = wholeNumber(0, LONGEST_DELAY_SECONDS).nullable();
