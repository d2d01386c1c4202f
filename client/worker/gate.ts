import type { Clock } from '../clock.ts';

/** Lets the slots of a worker ask for tasks; closed while nothing is due, so that one of them asks for all. */
export class Gate {
  readonly #clock: Clock;
  readonly #waiting: ((asksForAll: boolean) => void)[] = [];
  #isClosed = false;
  /** Nobody was there when one might pass. */
  #isOneExpected = false;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the caller may ask, with whether it asks for all; it must then open, close or shut the gate. */
  pass(): Promise<boolean> {
    if (!this.#isClosed) return Promise.resolve(false);
    if (this.#isOneExpected) {
      this.#isOneExpected = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets nobody pass. */
  shut(): void {
    this.#cancel();
    this.#isClosed = true;
    this.#isOneExpected = false;
  }

  /** Lets nobody pass for that many milliseconds, and then one. */
  close(milliseconds: number): void {
    this.shut();
    this.#cancel = this.#clock.after(milliseconds, () => this.#letOnePass());
  }

  /** Lets everybody pass. */
  open(): void {
    this.#cancel();
    this.#isClosed = false;
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }

  #letOnePass(): void {
    const first = this.#waiting.shift();
    if (first === undefined) this.#isOneExpected = true;
    else first(true);
  }
}
