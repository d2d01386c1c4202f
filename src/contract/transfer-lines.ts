import { z } from 'zod';
import { ATTEMPT_LIMITS, ATTEMPT_OUTCOMES, MAX_RUN_SECONDS } from '../domain/attempts.ts';
import { COMPLETION, GRAPH_LIMITS, READINESS } from '../domain/graph.ts';
import { LIMITS } from '../domain/task.ts';
import { EXPORT_FORMAT, type LineKind, TOLD_EVENTS, TRANSFER_LIMITS } from '../domain/transfer.ts';
import { artifact, progress, sha256, total, usage } from './attempt.ts';
import { artifacts, generatorName, notes, oneOf, projectId, status, taskId, wholeNumber } from './fields.ts';
import { object } from './input.ts';
import { jsonValue } from './json-value.ts';
import { labels, metadata } from './labels.ts';
import { givenMoment } from './moment.ts';
import { needTerms } from './needs.ts';
import { artifactTypes, givenPause, taskIdPrefix } from './project.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/** The largest of PostgreSQL's smallint. */
const SMALL = 32_767;

const version = wholeNumber(1, TRANSFER_LIMITS.version);
const moment = givenMoment.nullable();
const agentId = text({ min: 1, max: LIMITS.agentIdCharacters });
const cursor = text({ max: TRANSFER_LIMITS.cursorCharacters });
const kind = <const Kind extends LineKind>(name: Kind) => z.literal(name);

const need = object({
  task_id: taskId,
  ...needTerms,
  state: oneOf(['met', 'failed']).nullable().meta({
    description: 'What it came to where the task that it names is gone; null where that one decides',
  }),
});

const needs = z
  .array(need, { error: mustBe('an array') })
  .refine(({ length }) => length <= GRAPH_LIMITS.needsPerTask, {
    error: `must have at most ${GRAPH_LIMITS.needsPerTask} entries`,
    abort: true,
  })
  .refine((list) => new Set(list.map(({ task_id }) => task_id)).size === list.length, {
    error: 'must name each task once',
  })
  .meta({ maxItems: GRAPH_LIMITS.needsPerTask });

/** What of a task is its own; what follows from its needs, and a claim, is no part of it. */
const taskFields = {
  kind: kind('task'),
  task_id: taskId,
  description: text({ min: 1, max: LIMITS.descriptionCharacters }),
  generator_name: generatorName.nullable(),
  status: status.meta({ description: 'A claimed task is told as pending, as if it had been released' }),
  inputs: artifacts,
  expected_outputs: artifacts,
  context_notes: notes.nullable(),
  created_at: givenMoment,
  updated_at: givenMoment,
  completed_at: moment.meta({ description: 'Given where the task is completed, and only there' }),
  pending_at: moment.meta({ description: 'When it last became pending' }),
  started_at: moment.meta({ description: 'When it last started' }),
  completion_notes: notes.nullable(),
  priority: wholeNumber(0, LIMITS.lastPriority),
  not_before: moment,
  max_attempts: wholeNumber(1, LIMITS.attempts),
  attempt: wholeNumber(0, LIMITS.attempts),
  retry_at: moment,
  last_error: text({ max: LIMITS.errorCharacters }).nullable(),
  expiries: wholeNumber(0, TRANSFER_LIMITS.expiries),
  max_expiries: wholeNumber(1, LIMITS.attempts).nullable(),
  max_run_seconds: wholeNumber(MAX_RUN_SECONDS.min, MAX_RUN_SECONDS.max).nullable(),
  checkpoint: jsonValue(ATTEMPT_LIMITS.checkpointBytes).meta({
    description: 'What the next attempt goes on from; null without',
  }),
  result: jsonValue(ATTEMPT_LIMITS.resultBytes).meta({
    description: 'The JSON that the completion gave; null without',
  }),
  artifacts: z
    .array(artifact, { error: mustBe('an array') })
    .refine(({ length }) => length <= ATTEMPT_LIMITS.artifacts, {
      error: `must have at most ${ATTEMPT_LIMITS.artifacts} entries`,
      abort: true,
    })
    .meta({ maxItems: ATTEMPT_LIMITS.artifacts }),
  labels,
  metadata,
  version: version.meta({ description: 'Of two lines with one revision, the higher version counts' }),
  revision: version,
  needs,
};

const ofTask = { task_id: taskId };

/** THE table of lines: the fields of each kind. */
export const LINES = {
  project: {
    kind: kind('project'),
    format: z.literal(EXPORT_FORMAT, { error: `must be ${EXPORT_FORMAT}: another version made this export` }),
    project_id: projectId.meta({ description: 'Where it comes from; it may go into any project' }),
    readiness: oneOf(READINESS),
    completion: oneOf(COMPLETION),
    paused: givenPause.nullable(),
    task_id_prefix: taskIdPrefix,
    artifact_types: artifactTypes,
    events_after: cursor.nullable().meta({
      description: 'From here on, the feed of events tells all that this export may not have',
    }),
  },
  ids: {
    kind: kind('ids'),
    prefix: taskIdPrefix,
    last_number: wholeNumber(1, 999_999_999_999_999),
  },
  event: {
    kind: kind('event'),
    ...ofTask,
    version,
    at: givenMoment,
    type: z.enum(TOLD_EVENTS, { error: `must be one of ${TOLD_EVENTS.join(', ')}` }),
    from_status: status.nullable(),
    to_status: status.nullable(),
    caller: text({ max: TRANSFER_LIMITS.callerCharacters }),
    agent_id: text({ max: LIMITS.agentIdCharacters }).nullable(),
    attempt: wholeNumber(0, SMALL).nullable(),
    data: jsonValue(TRANSFER_LIMITS.eventDataBytes)
      .refine((value) => value === null || (typeof value === 'object' && !Array.isArray(value)), {
        error: mustBe('an object or null'),
      })
      .meta({ type: ['object', 'null'], additionalProperties: true }),
  },
  task: taskFields,
  note: {
    kind: kind('note'),
    ...ofTask,
    version,
    at: givenMoment,
    author: text({ max: TRANSFER_LIMITS.callerCharacters }),
    agent_id: agentId.nullable(),
    text: text({ min: 1, max: LIMITS.notesCharacters }),
  },
  attempt: {
    kind: kind('attempt'),
    ...ofTask,
    agent_id: agentId,
    attempt: wholeNumber(0, SMALL),
    began_at: moment,
    ended_at: givenMoment,
    outcome: oneOf(ATTEMPT_OUTCOMES),
    error: text({ max: LIMITS.errorCharacters }).nullable(),
    progress: progress.nullable(),
    usage: usage.nullable(),
  },
  artifact: {
    kind: kind('artifact'),
    name: text({ min: 1, max: LIMITS.artifactCharacters }),
    provided_at: givenMoment,
    uri: text({ min: 1, max: ATTEMPT_LIMITS.artifactUriCharacters }).nullable(),
    sha256,
    bytes: total(),
  },
  gone: {
    kind: kind('gone'),
    ...ofTask,
    version,
    status: status.meta({ description: 'In which it was deleted or archived' }),
  },
  cursor: { kind: kind('cursor'), cursor },
  end: { kind: kind('end'), at: givenMoment },
} satisfies {
  readonly [Kind in LineKind]: Readonly<Record<string, z.ZodType>> & { kind: z.ZodLiteral<Kind> };
};

/** Rules of the table of tasks that take more than one field. */
function refuseContradictions(line: Record<string, unknown>, context: z.core.$RefinementCtx): void {
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if ((line['status'] === 'completed') !== (line['completed_at'] !== null))
    refuse('completed_at', 'must be given where the status is completed, and only there');
  // wholeNumber parsed both.
  if ((line['attempt'] as number) > (line['max_attempts'] as number))
    refuse('attempt', 'must be at most max_attempts');
}

/** The schemas by kind. */
export const LINE_SCHEMAS: Readonly<Record<LineKind, z.ZodType<Record<string, unknown>>>> = {
  project: object(LINES.project),
  ids: object(LINES.ids),
  event: object(LINES.event),
  task: object(LINES.task).superRefine(refuseContradictions),
  note: object(LINES.note),
  attempt: object(LINES.attempt),
  artifact: object(LINES.artifact),
  gone: object(LINES.gone),
  cursor: object(LINES.cursor),
  end: object(LINES.end),
};

/** A line as it goes to the database. */
export type Line = Readonly<Record<string, unknown>> & { readonly kind: LineKind };
