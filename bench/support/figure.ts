import type { Stack } from './stack.ts';

/** One row of the report. */
export interface Row {
  readonly what: string;
  /** The measured values, as a reader wants them. */
  readonly measured: string;
  readonly bar: string;
  /** Whether the bar is met; undefined where a value is only reported. */
  readonly met?: boolean;
}

/** How long and how often to measure. */
export interface Extent {
  readonly quick: boolean;
  readonly onProgress: (what: string) => void;
}

/** One figure of the bench: measures on the stack and says how it went. */
export type Figure = (stack: Stack, extent: Extent) => Promise<Row[]>;

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
