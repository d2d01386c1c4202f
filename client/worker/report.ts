import { type Clock, sleep } from '../clock.ts';
import { TaskTrackerError } from '../error.ts';
import type { Client } from '../index.ts';
import { randomKey } from '../key.ts';
import { pauseAfter } from '../retries.ts';
import type { UpdateTaskStatusInput } from '../schema.ts';
import { type Claimed, saysEnded } from './lease.ts';

/** What came of a task. */
export type Outcome =
  | { readonly kind: 'completed'; readonly notes: string | null; readonly result: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'given_back' };

export interface ReportOptions {
  readonly client: Pick<Client, 'updateTaskStatus' | 'releaseClaim'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the repetitions. */
  readonly signal: AbortSignal;
}

const MAX_ERROR_LENGTH = 10_000;
const CUT = '… (cut)';

/** Tells the service what came of a task, again and again while that may help; rejects if it refuses. */
export async function report(claimed: Claimed, outcome: Outcome, options: ReportOptions): Promise<void> {
  const { client } = options;
  const { task_id, project_id: project } = claimed.task;
  const own = { task_id, project, claim_token: claimed.claim.token };
  const move = (change: Omit<UpdateTaskStatusInput, keyof typeof own>) =>
    persist((call) => client.updateTaskStatus({ ...own, ...change }, call), options);
  const fail = (error: unknown) => move({ status: 'failed', error: textOf(error) });
  switch (outcome.kind) {
    case 'given_back':
      return persist((call) => client.releaseClaim(own, call), options);
    case 'failed':
      return fail(outcome.error);
    case 'completed':
      return move(completionOf(outcome)).catch((error: unknown) => {
        if (!(error instanceof TaskTrackerError) || error.isTransient || saysEnded(error)) throw error;
        // What the service does not take would leave the task claimed for ever.
        return fail(`The result was refused: ${error.message}`);
      });
  }
}

function completionOf({ notes, result }: Extract<Outcome, { kind: 'completed' }>) {
  const made = result === null ? {} : { result };
  return { status: 'completed' as const, completion_notes: notes, ...made };
}

/** All repetitions are one write, so they have one key. */
async function persist(
  send: (call: { idempotencyKey: string }) => Promise<unknown>,
  { clock, random, signal }: ReportOptions,
): Promise<void> {
  const idempotencyKey = randomKey();
  for (let attempt = 0; ; attempt += 1) {
    try {
      await send({ idempotencyKey });
      return;
    } catch (error) {
      const pause = pauseAfter(error, attempt, random);
      if (pause === undefined) throw error;
      await sleep(clock, pause, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** The service refuses NUL, lone surrogates, an empty text and one of more than 10,000 characters. */
function textOf(error: unknown): string {
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  const text = message.toWellFormed().replaceAll('\0', '\uFFFD') || 'The handler failed without a message';
  return text.length <= MAX_ERROR_LENGTH
    ? text
    : text.slice(0, MAX_ERROR_LENGTH - CUT.length).toWellFormed() + CUT;
}
