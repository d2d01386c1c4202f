import type { Note } from '../../src/contract/notes.ts';
import type { Project } from '../../src/contract/project.ts';
import type { Task as TaskRepresentation } from '../../src/contract/task.ts';
import type { AnswerBody } from '../support/api.ts';
import { generationOf } from '../support/claim-token.ts';
import type { Intent, View } from './intent.ts';
import { isLive } from './task.ts';
import { boundOf } from './waits.ts';

/** The part of an answer, with local ids, that the model predicts. */
export function viewOf(intent: Intent, status: number, body: AnswerBody): View {
  if (!body.success) {
    const { code, details } = body;
    const isToldApart = details !== undefined && !(intent.kind === 'invalid' || UNTOLD.has(code));
    return isToldApart ? { status, code, details: viewOfDetails(details) } : { status, code };
  }
  const { success: _, tasks, next_cursor, claim, claims, retry_after_seconds: wait, ...rest } = body;
  const predicted = Object.entries(rest).filter(([name]) => !UNPREDICTED.has(name));
  const shown = predicted.map(([name, value]) => [name, viewOfField(intent, name, value)]);
  return {
    status,
    ...Object.fromEntries(shown),
    ...(tasks === undefined ? {} : { tasks: tasks.map(viewOfShown), more: next_cursor !== null }),
    ...(claim === undefined ? {} : { claim: claim && viewOfClaim(claim) }),
    ...(claims === undefined ? {} : { claims: claims.map(viewOfGiven) }),
    ...(wait === undefined ? {} : viewOfWait(wait)),
  };
}

/** The casts are to what the schemas of the answers have under these names. */
function viewOfField(intent: Intent, name: string, value: unknown): unknown {
  if (name === 'paused') return pauseOf(value as Paused);
  if (name === 'added_note') return (value as Note).text;
  if (name === 'notes') return (value as readonly Note[]).map(({ text }) => text);
  if (name === 'provided_artifact') return (value as { readonly name: string }).name;
  if (name === 'updated_project') {
    const { project_id: project, readiness, paused } = value as Project;
    return { project, readiness, pause: pauseOf(paused) };
  }
  if (!SHOWN.has(name)) return value;
  const task = viewOfShown(value as TaskRepresentation | null);
  // The priority of a task that is to be done again is looked at after its answer.
  return intent.kind === 'move' && intent.reset ? { ...task, effective: null } : task;
}

type Paused = Project['paused'];

function pauseOf(paused: Paused): string {
  if (paused === null) return 'none';
  return paused.until === null ? 'open' : 'day';
}

/** Refusals whose details depend on where the service began to look. */
const UNTOLD: ReadonlySet<string> = new Set(['validation_error', 'need_cycle', 'artifact_has_producer']);

/** No wait of the model's is a second: there was a task, and others were in the way. */
function viewOfWait(seconds: number): View {
  return seconds === 1 ? { passed: true } : { wait: boundOf(seconds) };
}

/** A reservation, beside its ids, and what tells a claim that got nothing how the project stood, and one that got a task how earlier attempts ended. */
const UNPREDICTED: ReadonlySet<string> = new Set([
  ...['counts', 'look_at', 'context'],
  ...['reservation_id', 'artifact_type', 'expires_at'],
  'restorable_until',
  // Beside has_more.
  'cursor',
]);

/** The fields that hold a task. */
const SHOWN: ReadonlySet<string> = new Set([
  'task',
  'updated_task',
  'deleted_task',
  'released_task',
  'restored_task',
]);

function viewOfGiven({ task, claim, checkpoint }: NonNullable<AnswerBody['claims']>[number]): View {
  const given = { task: viewOfShown(task), claim: viewOfClaim(claim) };
  return checkpoint === undefined ? given : { ...given, checkpoint };
}

function viewOfClaim({ agent_id: agent, token, attempt }: AnswerBody['claim']): View {
  return { agent, token: generationOf(token), attempt };
}

/** The hint is prose, and a lease's end is not to be predicted. */
function viewOfDetails({ hint: _, ...details }: AnswerBody['details']): View {
  if (!('holder' in details)) return details;
  // The form of a conflict's holder, which the schema of the answer prescribes.
  const holder = details['holder'] as { agent_id: string } | null;
  return { ...details, holder: holder?.agent_id ?? null };
}

function viewOfShown(shown: TaskRepresentation | null): View | null {
  if (shown === null) return null;
  return {
    project: shown.project_id,
    task: shown.task_id,
    status: shown.status,
    description: shown.description,
    notes: shown.completion_notes,
    priority: shown.priority,
    maxAttempts: shown.max_attempts,
    attempt: shown.attempt,
    expiries: shown.expiries,
    progress: shown.progress?.percent ?? null,
    result: shown.result,
    artifacts: shown.artifacts.map(({ name }) => name),
    error: shown.last_error,
    completed: shown.completed_at !== null,
    retries: shown.retry_at !== null,
    holder: shown.claimed_by,
    effective: isLive(shown.status) ? shown.effective_priority : null,
    unmet: shown.unmet_needs,
    stuck: shown.stuck_needs,
    stale: shown.stale,
    revision: shown.revision,
    labels: shown.labels,
    noted: shown.note_count,
  };
}
