import type { Clock } from '../clock.ts';
import { TaskTrackerError } from '../error.ts';

/** How long handlers have after their signals have fired, in milliseconds. */
const LAST_PATIENCE_MS = 5_000;

/** The end of a worker, in three steps: nothing new is begun, handlers are told to end, and they are left alone. */
export class Shutdown {
  readonly #begun = new AbortController();
  readonly #hurry = new AbortController();
  readonly #over = new AbortController();
  readonly #clock: Clock;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get begun(): AbortSignal {
    return this.#begun.signal;
  }

  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Begins the end; handlers have that many milliseconds before they are told. Only the first call counts. */
  begin(grace: number): void {
    if (this.begun.aborted) return;
    this.#begun.abort();
    this.#cancel = this.#clock.after(grace, () => {
      const message = 'The worker stops: end soon, the task is given back';
      this.#hurry.abort(new TaskTrackerError(message, { code: 'worker_stopped' }));
      this.#cancel = this.#clock.after(LAST_PATIENCE_MS, () => this.#over.abort());
    });
  }

  /** Leaves no timer behind. */
  end(): void {
    this.#cancel();
  }
}

/** What is used of Node's process, which Deno and Bun have too. */
interface ProcessSignals {
  once(signal: string, run: () => void): unknown;
  off(signal: string, run: () => void): unknown;
}

/** Calls a function when the process is told to stop; the returned function forgets it. Without a process, nothing. */
export function onSignals(signals: readonly string[], run: () => void): () => void {
  // Where there is a process with these methods, it is an event emitter.
  const { process } = globalThis as { process?: Partial<ProcessSignals> };
  const off = process?.off;
  if (process?.once === undefined || off === undefined) return () => undefined;
  for (const signal of signals) process.once(signal, run);
  return () => {
    for (const signal of signals) off.call(process, signal, run);
  };
}
