import type { Clock } from '../../client/clock.ts';

/** Timers that run only when the test lets time pass. */
export interface ManualTimers {
  readonly clock: Clock;
  /** Every duration that was asked for, in milliseconds, in order. */
  readonly asked: number[];
  /** The durations of the timers that still run. */
  running(): number[];
  /** Lets everything happen that needs no time to pass. */
  settle(): Promise<void>;
  /** Lets that many milliseconds pass, with all that happens meanwhile. */
  pass(milliseconds: number): Promise<void>;
}

/** More turns than a chain of promises with an answer's body in it needs. */
const TURNS = 10;

export function manualTimers(): ManualTimers {
  let time = 0;
  const timers = new Set<{ at: number; duration: number; run: () => void }>();
  const asked: number[] = [];
  const settle = async () => {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock: {
      now: () => time,
      after(duration, run) {
        const timer = { at: time + duration, duration, run };
        asked.push(duration);
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    asked,
    running: () => [...timers].map(({ duration }) => duration),
    settle,
    async pass(milliseconds) {
      const end = time + milliseconds;
      await settle();
      const next = () => [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      for (let timer = next(); timer !== undefined; timer = next()) {
        timers.delete(timer);
        time = timer.at;
        timer.run();
        await settle();
      }
      time = end;
    },
  };
}
