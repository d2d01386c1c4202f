import { type Clock, systemClock } from './clock.ts';
import type { Task } from './schema.ts';
import { Gate } from './worker/gate.ts';
import type { Handler } from './worker/job.ts';
import { onSignals, Shutdown } from './worker/shutdown.ts';
import { Slots, type SlotsOptions } from './worker/slots.ts';

export type { Handler, JobContext } from './worker/job.ts';

const DEFAULT_LEASE_SECONDS = 900;
const DEFAULT_WAIT_SECONDS = 30;
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
  /**
   * How long the service keeps the answer back while there is nothing to do, 0 to 50; 30 unless told otherwise. One slot
   * waits for all.
   */
  readonly waitSeconds?: number;
  /** The longest pause when there is nothing to do and the service does not wait; 15 unless told otherwise. */
  readonly idleSeconds?: number;
  /** How long handlers may go on after the worker was told to stop; 20 unless told otherwise. */
  readonly graceSeconds?: number;
  /** Ends the worker when no task is pending but such as are blocked, instead of waiting for more. */
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

/**
 * Works through the tasks of a project until it is stopped: claims them, has the handler do them, renews their leases
 * meanwhile, completes those that the handler did and fails the others, which the service gives out again later. Each
 * slot claims as an agent of its own, so that a restarted worker gets the tasks back that it held.
 */
export function work(client: SlotsOptions['client'], options: WorkOptions): Worker {
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
  const { untilNonePending = false } = options;
  const slots = new Slots(gate, stop, {
    ...options,
    client,
    clock,
    random,
    shutdown,
    untilNonePending,
    // A claim that waits would hear of the end late.
    waitSeconds: untilNonePending ? 0 : (options.waitSeconds ?? DEFAULT_WAIT_SECONDS),
    idleSeconds: options.idleSeconds ?? DEFAULT_IDLE_SECONDS,
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
