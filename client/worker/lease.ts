import type { Clock } from '../clock.ts';
import { TaskTrackerError } from '../error.ts';
import type { Client } from '../index.ts';
import type { Claim, HeartbeatClaimInput, Task } from '../schema.ts';

/** The longest that one heartbeat may take, in milliseconds. */
const LONGEST_HEARTBEAT_MS = 15_000;

/** Refusals after which the task is no longer the agent's. */
const ENDED: ReadonlySet<string> = new Set([
  'claim_lost',
  'claimed_by_other',
  'task_not_found',
  'invalid_transition',
]);

/** Whether the service says that a claim has ended. */
export function saysEnded(error: unknown): boolean {
  return error instanceof TaskTrackerError && ENDED.has(error.code);
}

export interface Claimed {
  readonly task: Task;
  readonly claim: Claim;
  /** What an earlier attempt left; undefined where there is nothing. */
  readonly checkpoint?: unknown;
  /** When the claim was sent, on the clock: its lease cannot have begun earlier. */
  readonly sentAt: number;
}

export interface LeaseOptions {
  readonly client: Pick<Client, 'heartbeatClaim'>;
  readonly clock: Clock;
  readonly leaseSeconds: number;
  readonly onError: (error: unknown) => void;
}

/** What a heartbeat may tell besides. */
export type Told = Pick<HeartbeatClaimInput, 'progress' | 'checkpoint' | 'usage'>;

function stopped(taskId: string, reason: string | undefined): TaskTrackerError {
  return reason === 'cancelled'
    ? new TaskTrackerError(`Task ${taskId} was cancelled`, { code: 'claim_lost' })
    : new TaskTrackerError(`The attempt at ${taskId} has lasted as long as it may`, { code: 'run_over' });
}

/** Renews the lease of a claim after each third of it, until it ends or is lost. */
export class Lease {
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  readonly #claimed: Claimed;
  readonly #options: LeaseOptions;
  readonly #length: number;
  #cancelRenewal: () => void = () => undefined;
  #cancelExpiry: () => void = () => undefined;

  constructor(claimed: Claimed, options: LeaseOptions) {
    this.#claimed = claimed;
    this.#options = options;
    this.#length = options.leaseSeconds * 1_000;
    this.#beginAt(claimed.sentAt);
    this.#renewAfter(this.#length / 3);
  }

  /** Fires when the claim is lost; its reason is a TaskTrackerError. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Renews the lease at once and tells how far the task is. Rejects as the call does, or if the claim is lost. */
  async tell(told: Told): Promise<void> {
    await this.#heartbeat(told);
    this.#lost.signal.throwIfAborted();
  }

  /** Ends the renewals; the claim itself stays. */
  end(): void {
    this.#cancelRenewal();
    this.#cancelExpiry();
    this.#ended.abort();
  }

  #beginAt(moment: number): void {
    const { clock } = this.#options;
    this.#cancelExpiry();
    this.#cancelExpiry = clock.after(Math.max(0, moment + this.#length - clock.now()), () => {
      const { task_id } = this.#claimed.task;
      const message = `The lease of ${task_id} was over before it could be renewed`;
      this.#lose(new TaskTrackerError(message, { code: 'lease_expired' }));
    });
  }

  #renewAfter(milliseconds: number): void {
    this.#cancelRenewal = this.#options.clock.after(milliseconds, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { onError } = this.#options;
    let pause = this.#length / 3;
    try {
      await this.#heartbeat();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      if (saysEnded(error)) return this.#lose(error);
      onError(error);
      pause = this.#length / 30;
    }
    if (!this.#ended.signal.aborted) this.#renewAfter(pause);
  }

  async #heartbeat(told: Told = {}): Promise<void> {
    const { task, claim } = this.#claimed;
    const sentAt = this.#options.clock.now();
    const answer = await this.#options.client.heartbeatClaim(
      { task_id: task.task_id, project: task.project_id, claim_token: claim.token, ...told },
      { signal: this.#ended.signal, retries: 0, timeout: Math.min(LONGEST_HEARTBEAT_MS, this.#length / 6) },
    );
    if (this.#ended.signal.aborted) return;
    // A service from before does not tell.
    if (answer.continue === false) this.#lose(stopped(task.task_id, answer.reason));
    else this.#beginAt(sentAt);
  }

  #lose(reason: unknown): void {
    this.end();
    this.#lost.abort(reason);
  }
}
