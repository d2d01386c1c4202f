import { type Clock, systemClock } from './clock.ts';
import { TaskTrackerError } from './error.ts';
import type { Client } from './index.ts';
import { pauseAfter } from './retries.ts';
import type { ClaimAnswer, Task } from './schema.ts';
import { Gate } from './worker/gate.ts';
import { giveBack, type Handler, type JobOptions, runJob } from './worker/job.ts';
import type { Claimed } from './worker/lease.ts';
import { onSignals, Shutdown } from './worker/shutdown.ts';

export type { Handler, JobContext } from './worker/job.ts';

const DEFAULT_LEASE_SECONDS = 900;
const DEFAULT_IDLE_SECONDS = 15;
const DEFAULT_GRACE_SECONDS = 20;
const SECOND = 1_000;

export interface WorkOptions {
  readonly project: string;
  /** Who works, unique among all that work and the same after a restart; further slots are `<agentId>/2` and so on. */
  readonly agentId: string;
  readonly handler: Handler;
  /** How many tasks to do at once; 1 unless told otherwise. */
  readonly concurrency?: number;
  /** Takes only tasks for that generator. */
  readonly generatorName?: string;
  /** 30 to 86,400; 900 unless told otherwise. The worker renews a lease after each third of it. */
  readonly leaseSeconds?: number;
  /** The longest pause when there is nothing to do; 15 unless told otherwise. */
  readonly idleSeconds?: number;
  /** How long handlers may go on after the worker was told to stop; 20 unless told otherwise. */
  readonly graceSeconds?: number;
  /** Ends the worker when no task is pending, instead of waiting for more. */
  readonly untilNonePending?: boolean;
  /** Stops the worker. */
  readonly signal?: AbortSignal;
  /** What stops the worker, where there is a process; SIGTERM and SIGINT unless told otherwise. */
  readonly stopOn?: readonly string[];
  /** Hears what the worker gets over by itself: failed renewals, lost claims, refused reports; console.error by default. */
  readonly onError?: (error: unknown, task?: Task) => void;
  readonly clock?: Clock;
  /** From 0 up to but not including 1. */
  readonly random?: () => number;
}

export interface Worker {
  /** Begins nothing more and waits for what is under way; see `graceSeconds`. */
  stop(): Promise<void>;
  /** Resolves when the worker has stopped; rejects if the service refuses its claims, as for a wrong key. */
  readonly finished: Promise<void>;
}

type WorkerClient = Pick<Client, 'claimTask' | 'heartbeatClaim' | 'updateTaskStatus' | 'releaseClaim'>;

/**
 * Works through the tasks of a project until it is stopped: claims them, has the handler do them, renews their leases
 * meanwhile, completes those that the handler did and fails the others, which the service gives out again later. Each
 * slot claims as an agent of its own, so that a restarted worker gets the tasks back that it held.
 */
export function work(client: WorkerClient, options: WorkOptions): Worker {
  const { clock = systemClock, random = Math.random, concurrency = 1 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new RangeError(`A worker cannot do ${concurrency} tasks at once`);
  const { graceSeconds = DEFAULT_GRACE_SECONDS, stopOn = ['SIGTERM', 'SIGINT'], signal } = options;
  const shutdown = new Shutdown(clock);
  const gate = new Gate(clock);
  const stop = () => {
    shutdown.begin(graceSeconds * SECOND);
    gate.open();
  };
  const slots = new Slots(client, gate, stop, {
    ...options,
    client,
    clock,
    random,
    shutdown,
    leaseSeconds: options.leaseSeconds ?? DEFAULT_LEASE_SECONDS,
    onError: options.onError ?? ((error) => console.error(error)),
  });
  const forget = onSignals(stopOn, stop);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const finished = slots.run(concurrency).finally(() => {
    forget();
    signal?.removeEventListener('abort', stop);
    shutdown.end();
  });
  return {
    finished,
    stop() {
      stop();
      return finished;
    },
  };
}

/** Each slot does one task at a time. */
class Slots {
  readonly #client: WorkerClient;
  readonly #gate: Gate;
  readonly #stop: () => void;
  readonly #options: WorkOptions & JobOptions;
  #failures = 0;

  constructor(client: WorkerClient, gate: Gate, stop: () => void, options: WorkOptions & JobOptions) {
    this.#client = client;
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
    const { shutdown, untilNonePending = false } = this.#options;
    for (let hasFinished = false; ; ) {
      // What a task left to do is asked for at once, even while the other slots have nothing to do.
      if (!hasFinished) await this.#gate.pass();
      hasFinished = false;
      if (shutdown.begun.aborted) return;
      const sentAt = this.#options.clock.now();
      const answer = await this.#claim(agentId);
      if (answer === undefined) continue;
      const { task, claim, reason } = answer;
      if (task === null || claim === null) {
        if (untilNonePending && reason === 'none_pending') return this.#gate.open();
        this.#rest(answer);
        continue;
      }
      hasFinished = await this.#do({ task, claim, sentAt });
    }
  }

  /** Resolves with undefined if the claim failed, after which the gate is closed for a while. */
  async #claim(agentId: string): Promise<ClaimAnswer | undefined> {
    const { project, generatorName, leaseSeconds } = this.#options;
    const generator = generatorName === undefined ? {} : { generator_name: generatorName };
    const input = { project_id: project, agent_id: agentId, lease_seconds: leaseSeconds, ...generator };
    try {
      // The next claim gets the task of one whose answer was lost.
      const answer = await this.#client.claimTask(input, { retries: 0 });
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

  /** Chance takes off up to a tenth, so that workers that began together do not ask together. */
  #rest({ retry_after_seconds: advised }: Pick<ClaimAnswer, 'retry_after_seconds'>): void {
    const { idleSeconds = DEFAULT_IDLE_SECONDS, random } = this.#options;
    this.#close(Math.min(advised ?? idleSeconds, idleSeconds) * SECOND * (1 - random() / 10));
  }

  /** A worker that stops leaves the gate open. */
  #close(milliseconds: number): void {
    if (!this.#options.shutdown.begun.aborted) this.#gate.close(milliseconds);
  }

  /** Resolves with whether the task is finished; otherwise the gate is closed for a while. */
  async #do(claimed: Claimed): Promise<boolean> {
    this.#gate.open();
    if (this.#options.shutdown.begun.aborted) {
      await giveBack(claimed, this.#options);
      return true;
    }
    const isFinished = await runJob(claimed, this.#options);
    if (!isFinished) this.#rest({});
    return isFinished;
  }
}
