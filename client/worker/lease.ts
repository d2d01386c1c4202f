import type { Clock } from '../clock.ts';
import { TaskTrackerError } from '../error.ts';
import type { Client } from '../index.ts';
import type { Claim, Task } from '../schema.ts';

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
  /** When the claim was sent, on the clock: its lease cannot have begun earlier. */
  readonly sentAt: number;
}

export interface LeaseOptions {
  readonly client: Pick<Client, 'heartbeatClaim'>;
  readonly clock: Clock;
  readonly leaseSeconds: number;
  readonly onError: (error: unknown) => void;
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
    const { clock, onError } = this.#options;
    const sentAt = clock.now();
    let pause = this.#length / 3;
    try {
      await this.#heartbeat();
      if (!this.#ended.signal.aborted) this.#beginAt(sentAt);
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      if (saysEnded(error)) return this.#lose(error);
      onError(error);
      pause = this.#length / 30;
    }
    if (!this.#ended.signal.aborted) this.#renewAfter(pause);
  }

  #heartbeat(): Promise<unknown> {
    const { task, claim } = this.#claimed;
    return this.#options.client.heartbeatClaim(
      { task_id: task.task_id, project: task.project_id, claim_token: claim.token },
      { signal: this.#ended.signal, retries: 0, timeout: Math.min(LONGEST_HEARTBEAT_MS, this.#length / 6) },
    );
  }

  #lose(reason: unknown): void {
    this.end();
    this.#lost.abort(reason);
  }
}
