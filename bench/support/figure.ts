import type { Stack } from './stack.ts';

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  /** Undefined where the value is only reported. */
  readonly met?: boolean;
}

export interface Extent {
  readonly quick: boolean;
  /** The older commit that some figures measure beside this tree. */
  readonly against: string;
  readonly onProgress: (what: string) => void;
}

/** Measures on the stack. */
export type Figure = (stack: Stack, extent: Extent) => Promise<Row[]>;

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
