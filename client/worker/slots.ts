import { TaskTrackerError } from '../error.ts';
import type { Client } from '../index.ts';
import { pauseAfter } from '../retries.ts';
import type { ClaimAnswer } from '../schema.ts';
import type { Gate } from './gate.ts';
import { giveBack, type JobOptions, runJob } from './job.ts';
import type { Claimed } from './lease.ts';

const SECOND = 1_000;

export interface SlotsOptions extends JobOptions {
  readonly client: JobOptions['client'] & Pick<Client, 'claimTask'>;
  readonly project: string;
  readonly agentId: string;
  readonly generatorName?: string;
  readonly waitSeconds: number;
  readonly idleSeconds: number;
  readonly untilNonePending: boolean;
}

/** What no worker changes by waiting: what is left is blocked by what nobody works on. */
const NOTHING_LEFT: ReadonlySet<ClaimAnswer['reason']> = new Set(['none_pending', 'all_blocked']);

/** Each slot does one task at a time. */
export class Slots {
  readonly #gate: Gate;
  readonly #stop: () => void;
  readonly #options: SlotsOptions;
  #failures = 0;
  /** How many claims the service keeps waiting. */
  #waiting = 0;

  constructor(gate: Gate, stop: () => void, options: SlotsOptions) {
    this.#gate = gate;
    this.#stop = stop;
    this.#options = options;
  }

  /** Rejects with what ended a slot before its time, after the others have stopped too. */
  async run(concurrency: number): Promise<void> {
    const { agentId } = this.#options;
    const slots = Array.from({ length: concurrency }, (_, index) =>
      this.#runSlot(index === 0 ? agentId : `${agentId}/${index + 1}`).catch((error: unknown) => {
        this.#stop();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(slots)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #runSlot(agentId: string): Promise<void> {
    for (let hasFinished = false; ; ) {
      // What a task left to do is asked for at once, even while the other slots have nothing to do.
      const asksForAll = !hasFinished && (await this.#gate.pass());
      if (this.#options.shutdown.begun.aborted) return;
      const claimed = await this.#ask(agentId, asksForAll);
      if (claimed === 'none_left') return this.#gate.open();
      hasFinished = claimed !== undefined && (await this.#do(claimed));
    }
  }

  /** Resolves with undefined if there is nothing to do now, after which the gate is closed for a while. */
  async #ask(agentId: string, asksForAll: boolean): Promise<Claimed | 'none_left' | undefined> {
    const { clock, untilNonePending } = this.#options;
    const sentAt = clock.now();
    const answer = await (asksForAll ? this.#claimForAll(agentId) : this.#claim(agentId));
    if (answer === undefined) return undefined;
    const { task, claim, checkpoint, reason } = answer;
    if (task !== null && claim !== null) {
      this.#gate.open();
      return { task, claim, checkpoint, sentAt };
    }
    if (untilNonePending && NOTHING_LEFT.has(reason)) return 'none_left';
    this.#restAfter(answer, asksForAll ? clock.now() - sentAt : undefined);
    return undefined;
  }

  /** Has the service wait for a task, until the worker is told to stop. */
  async #claimForAll(agentId: string): Promise<ClaimAnswer | undefined> {
    const { begun } = this.#options.shutdown;
    this.#waiting += 1;
    try {
      return await this.#claim(agentId, this.#options.waitSeconds, begun);
    } catch (error) {
      if (!begun.aborted) throw error;
      // The service may have given a task all the same: this claim gets it, too, so that it can be given back.
      return await this.#claim(agentId);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Resolves with undefined if the claim failed, after which the gate is closed for a while. */
  async #claim(agentId: string, wait = 0, signal?: AbortSignal): Promise<ClaimAnswer | undefined> {
    const { client, project, generatorName, leaseSeconds } = this.#options;
    const generator = generatorName === undefined ? {} : { generator_name: generatorName };
    const waiting = wait === 0 ? {} : { wait_seconds: wait };
    const input = { project_id: project, agent_id: agentId, lease_seconds: leaseSeconds };
    try {
      // The next claim gets the task of one whose answer was lost.
      const answer = await client.claimTask({ ...input, ...generator, ...waiting }, { retries: 0, signal });
      this.#failures = 0;
      return answer;
    } catch (error) {
      if (!(error instanceof TaskTrackerError) || !error.isTransient) throw error;
      this.#options.onError(error);
      const pause = pauseAfter(error, this.#failures, this.#options.random);
      this.#failures += 1;
      this.#close(pause ?? (error.retryAfterSeconds ?? 0) * SECOND);
      return undefined;
    }
  }

  /** After an answer without a task; `waited` tells for how many milliseconds it was waited for, if at all. */
  #restAfter(answer: ClaimAnswer, waited: number | undefined): void {
    if (waited !== undefined) this.#rest(answer, waited);
    else if (this.#waiting > 0) this.#gate.shut();
    else if (this.#options.waitSeconds > 0) this.#close(0);
    else this.#rest(answer, 0);
  }

  /** Chance takes off up to a tenth, so that workers that began together do not ask together. */
  #rest({ retry_after_seconds: advised }: Pick<ClaimAnswer, 'retry_after_seconds'>, waited: number): void {
    const { idleSeconds, random } = this.#options;
    const pause = Math.min(advised ?? idleSeconds, idleSeconds) * SECOND * (1 - random() / 10);
    this.#close(Math.max(0, pause - waited));
  }

  /** A worker that stops leaves the gate open. */
  #close(milliseconds: number): void {
    if (!this.#options.shutdown.begun.aborted) this.#gate.close(milliseconds);
  }

  /** Resolves with whether the task is finished; otherwise the gate is closed for a while. */
  async #do(claimed: Claimed): Promise<boolean> {
    if (this.#options.shutdown.begun.aborted) {
      await giveBack(claimed, this.#options);
      return true;
    }
    const isFinished = await runJob(claimed, this.#options);
    if (!isFinished) this.#rest({}, 0);
    return isFinished;
  }
}
