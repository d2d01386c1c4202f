import { z } from 'zod';
import { CLAIM_TOKEN_PATTERN, MAX_DELAY_SECONDS } from '../domain/claims.ts';
import { LIMITS, PROJECT_ID_PATTERN, STATUSES, TASK_ID_PATTERN } from '../domain/task.ts';
import { WAIT_SECONDS } from '../domain/waits.ts';
import { EXAMPLE_CLAIM } from './examples.ts';
import { text } from './text.ts';
import { textList } from './text-list.ts';
import { mustBe } from './wording.ts';

const PROJECT_ID = { example: 'ai-agent-mcp-server' };
const PROJECT_ID_FORM = {
  error: 'must be 1 to 100 letters, digits, dots, underscores or hyphens, the first a letter or digit',
  abort: true,
};

const anyText = () => z.string({ error: mustBe('a string') });

export const projectId = anyText().regex(PROJECT_ID_PATTERN, PROJECT_ID_FORM).meta(PROJECT_ID);

/** An empty text names no project, so it counts as missing. */
export const project = anyText()
  .refine((value) => value !== '', { error: 'is missing', params: { isMissing: true }, abort: true })
  .regex(PROJECT_ID_PATTERN, PROJECT_ID_FORM)
  .meta(PROJECT_ID);

export const taskId = anyText()
  .regex(TASK_ID_PATTERN, {
    error:
      'must begin with a capital letter and end with a number: groups of capital letters and digits joined by hyphens, such as TASK-051',
    abort: true,
  })
  // zod's own length check would measure anything that has a length, such as an array.
  .refine(({ length }) => length <= LIMITS.taskIdCharacters, {
    error: `must have at most ${LIMITS.taskIdCharacters} characters`,
    abort: true,
  })
  .meta({ example: 'TASK-051', maxLength: LIMITS.taskIdCharacters });

const STATUS_FORM = `must be one of ${STATUSES.join(', ')}`;

export const status = z
  .enum(STATUSES, {
    error: ({ input }) => (Array.isArray(input) ? `${STATUS_FORM}, not an array` : STATUS_FORM),
  })
  .meta({ example: 'pending' });

export const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });

export const flag = z.boolean({ error: mustBe('true or false') });

export const artifacts = textList(LIMITS.artifactsPerList, { min: 1, max: LIMITS.artifactCharacters });

export const notes = text({ max: LIMITS.notesCharacters });

export const generatorName = text({ max: LIMITS.generatorNameCharacters });

export const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error, abort: true }).min(min, { error, abort: true }).max(max, { error, abort: true });
};

/** Only the description tells the default: a default in the schema would make generated types demand the field. */
export function unlessLeftOut<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  description?: string,
) {
  const told = typeof value === 'object' && value !== null ? 'empty' : String(value);
  return schema
    .optional()
    .transform((given): z.output<Schema> => (given === undefined ? value : given))
    .meta({ description: [description, `Default: ${told}`].filter(Boolean).join('. ') });
}

/** A field of an edit: absent leaves it as it is, and null stands for `empty`. */
export function unlessAbsent<Schema extends z.ZodType>(
  schema: Schema,
  empty: z.output<Schema> | null,
  description?: string,
) {
  return schema
    .nullable()
    .optional()
    .transform((given) => (given === null ? empty : given))
    .meta({ description: [description, 'Default: as it is'].filter(Boolean).join('. ') });
}

/** The fencing token from the answer to a claim. */
export const claimToken = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? 'must be the text that the claim answered as token, such as "1042.…"; a number is one of an earlier version: claim the task again'
        : 'must be the text that the claim answered as token',
  })
  .regex(CLAIM_TOKEN_PATTERN, {
    error: 'must be the text that the claim answered as token, unchanged',
    abort: true,
  })
  .meta({ example: EXAMPLE_CLAIM.token });

export const delaySeconds = wholeNumber(0, MAX_DELAY_SECONDS).nullable();

/** Without a task, the answer comes after that time at the latest, and a little more for the last look. */
export const waitSeconds = unlessLeftOut(
  wholeNumber(0, WAIT_SECONDS.max),
  WAIT_SECONDS.default,
  'How long to wait for a task while there is none',
);

/** Names the task of a write; the project matters only where several have that id. */
export const taskAddress = {
  task_id: taskId,
  project: projectId
    .optional()
    .meta({ description: 'Required only if several projects have a task with that id' }),
};
