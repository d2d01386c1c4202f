import type { Task as TaskRepresentation } from '../../src/contract/task.ts';
import type { AnswerBody } from '../support/api.ts';
import { generationOf } from '../support/claim-token.ts';
import type { Intent, View } from './intent.ts';
import { boundOf } from './waits.ts';

/** The part of an answer, with local ids, that the model predicts. */
export function viewOf(intent: Intent, status: number, body: AnswerBody): View {
  if (!body.success) {
    const { code, details } = body;
    const isToldApart = details !== undefined && !(intent.kind === 'invalid' || code === 'validation_error');
    return isToldApart ? { status, code, details: viewOfDetails(details) } : { status, code };
  }
  const { success: _, tasks, next_cursor, claim, retry_after_seconds: wait, ...rest } = body;
  const predicted = Object.entries(rest).filter(([name]) => !UNPREDICTED.has(name));
  const shown = predicted.map(([name, value]) => [
    name,
    // What the schemas of the answers have under these names.
    SHOWN.has(name) ? viewOfShown(value as TaskRepresentation | null) : value,
  ]);
  return {
    status,
    ...Object.fromEntries(shown),
    ...(tasks === undefined ? {} : { tasks: tasks.map(viewOfShown), more: next_cursor !== null }),
    ...(claim === undefined ? {} : { claim: claim && viewOfClaim(claim) }),
    ...(wait === undefined ? {} : viewOfWait(wait)),
  };
}

/** No wait of the model's is a second: there was a task, and others were in the way. */
function viewOfWait(seconds: number): View {
  return seconds === 1 ? { passed: true } : { wait: boundOf(seconds) };
}

/** What tells a claim that got nothing how the project stood, and one that got a task how earlier attempts ended. */
const UNPREDICTED: ReadonlySet<string> = new Set(['counts', 'look_at', 'context']);

/** The fields that hold a task. */
const SHOWN: ReadonlySet<string> = new Set(['task', 'updated_task', 'deleted_task', 'released_task']);

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
  };
}
