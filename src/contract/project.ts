import { z } from 'zod';
import { SCOPES } from '../domain/access.ts';
import { COMPLETION, GRAPH_LIMITS, READINESS } from '../domain/graph.ts';
import { ARTIFACT_TYPE_PATTERN, ID_LIMITS, TASK_ID_PREFIX_PATTERN } from '../domain/ids.ts';
import { oneOf, projectId, unlessLeftOut } from './fields.ts';
import { object } from './input.ts';
import { givenMoment } from './moment.ts';
import { EXAMPLE_COUNTS, readinessCounts } from './readiness-counts.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

export const givenPause = object({
  reason: text({ min: 1, max: GRAPH_LIMITS.pauseReasonCharacters }),
  until: unlessLeftOut(
    givenMoment.nullable(),
    null,
    'When claims go on by themselves; null for no such time',
  ),
});

const shownPause = z.strictObject({ reason: z.string(), until: z.iso.datetime().nullable() });

export const paused = shownPause
  .nullable()
  .meta({ description: 'Why claims get nothing; null where they do' });

export const project = z.strictObject({
  project_id: z.string(),
  readiness: z.enum(READINESS),
  completion: z.enum(COMPLETION),
  paused,
  task_id_prefix: z.string().meta({ description: 'Of the ids that the service gives to tasks' }),
  artifact_types: z
    .array(z.string())
    .meta({ description: 'The types of ids that the project adds to the standard ones' }),
});

export type Project = z.infer<typeof project>;

const EXAMPLE_PROJECT: Project = {
  project_id: 'ai-agent-mcp-server',
  readiness: 'inputs',
  completion: 'free',
  paused: null,
  task_id_prefix: 'TASK',
  artifact_types: ['RFC'],
};

/** As `form` says; the pattern bounds the characters, too. */
const matching = (pattern: RegExp, max: number, form: string) =>
  z
    .string({ error: mustBe('a string') })
    .regex(pattern, { error: form, abort: true })
    .refine(({ length }) => length <= max, { error: form, abort: true });

export const taskIdPrefix = matching(
  TASK_ID_PREFIX_PATTERN,
  ID_LIMITS.prefixCharacters,
  `must be groups of capital letters and digits joined by hyphens, of at most ${ID_LIMITS.prefixCharacters} characters, such as TASK`,
).meta({ maxLength: ID_LIMITS.prefixCharacters });

export const artifactTypes = z
  .array(
    matching(
      ARTIFACT_TYPE_PATTERN,
      ID_LIMITS.typeCharacters,
      `must be 1 to ${ID_LIMITS.typeCharacters} capital letters and digits, the first a letter`,
    ),
    { error: mustBe('an array') },
  )
  .refine(({ length }) => length <= ID_LIMITS.typesPerProject, {
    error: `must have at most ${ID_LIMITS.typesPerProject} types`,
  })
  .meta({ maxItems: ID_LIMITS.typesPerProject });

export const getProjectInput = { fields: { project_id: projectId } };

export const getProjectOutput = z
  .strictObject({
    project,
    counts: readinessCounts.meta({
      description: `Up to ${GRAPH_LIMITS.counted} each; that number stands for it or more`,
    }),
    oldest_ready_seconds: z
      .number()
      .nullable()
      .meta({ description: 'The age of the oldest task that is ready; null where none is' }),
  })
  .meta({ example: { project: EXAMPLE_PROJECT, counts: EXAMPLE_COUNTS, oldest_ready_seconds: 42.5 } });

export const listProjectsInput = { fields: {} };

export const credential = z
  .strictObject({
    name: z.string().meta({ description: 'As the log and the history call it' }),
    scopes: z.array(z.enum(SCOPES)),
    projects: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Those that it has access to; null for all' }),
  })
  .meta({ description: 'What the credential of the request may do' });

export const listProjectsOutput = z
  .strictObject({
    credential,
    projects: z
      .array(project)
      .meta({ description: `In the order of their ids, ${GRAPH_LIMITS.projectsShown} at most` }),
  })
  .meta({
    example: {
      credential: { name: 'ops', scopes: ['read', 'write'], projects: ['ai-agent-mcp-server'] },
      projects: [EXAMPLE_PROJECT],
    },
  });

export const putProjectInput = {
  fields: {
    project_id: projectId,
    readiness: oneOf(READINESS).optional().meta({
      description:
        'declared: needs alone count, as for every new project; inputs: an input also waits for the task that makes it, or until it is provided. Default: as it is',
    }),
    completion: oneOf(COMPLETION).optional().meta({
      description:
        'checked: a completion must bring an artifact for every expected output; free: it need not. Default: as it is',
    }),
    paused: givenPause.nullable().optional().meta({
      description: 'Claims get nothing while the project is paused; null ends the pause. Default: as it is',
    }),
    task_id_prefix: taskIdPrefix.optional().meta({
      description:
        'Of the ids that the service gives to tasks; TASK for every new project. Default: as it is',
    }),
    artifact_types: artifactTypes.optional().meta({
      description: 'The types of ids besides the standard ones, all of them. Default: as they are',
    }),
  },
};

export const putProjectOutput = z
  .strictObject({ updated_project: project })
  .meta({ example: { updated_project: EXAMPLE_PROJECT } });
