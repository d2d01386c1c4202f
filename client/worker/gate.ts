import type { Clock } from '../clock.ts';

/** Lets the slots of a worker ask for tasks; closed while nothing is due, so that one of them asks for all. */
export class Gate {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the caller may ask; it must then open or close the gate. */
  pass(): Promise<void> {
    if (!this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets nobody pass for that many milliseconds, and then one. */
  close(milliseconds: number): void {
    this.#cancel();
    this.#isClosed = true;
    this.#cancel = this.#clock.after(milliseconds, () => this.#letOnePass());
  }

  /** Lets everybody pass. */
  open(): void {
    this.#cancel();
    this.#isClosed = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #letOnePass(): void {
    const first = this.#waiting.shift();
    // Whoever comes later is the one.
    if (first === undefined) this.#isClosed = false;
    else first();
  }
}
