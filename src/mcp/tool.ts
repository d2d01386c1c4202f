import type { OperationNamed } from '../operations/index.ts';
import { TOOL_NAMES, type ToolOperation } from './vocabulary.ts';

/** What a caller gave to a tool, after validation. */
export type Given = Readonly<Record<string, unknown>>;

/** What a model is shown: as JSON text and as structured content. */
export type Shown = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model; each word costs every session. */
  readonly description: string;
  readonly operation: ToolOperation;
  /** Words for the arguments, in the order in which they are shown; the contract has their schemas. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Arguments that only shape the answer, as JSON Schema. */
  readonly view?: Readonly<Record<string, { readonly type: string; readonly enum?: readonly string[] }>>;
  /** The fields of an answer, with their JSON types. */
  readonly answers: Readonly<Record<string, 'object' | 'array' | 'boolean' | 'integer' | 'string'>>;
  /** Bounds of this door, for answers that a model can read. */
  readonly defaults?: Given;
  /** Arguments of the operation that a model is not asked for. */
  readonly fixed?: Given;
  /** A repetition changes nothing more. */
  readonly isIdempotent?: boolean;
  present(output: unknown, given: Given): Shown;
}

type OutputOf<Name extends ToolOperation> = Awaited<ReturnType<OperationNamed<Name>['run']>>;

interface Typed<Name extends ToolOperation> extends Omit<Tool, 'name'> {
  readonly operation: Name;
  present(output: OutputOf<Name>, given: Given): Shown;
}

/** Names a tool; the compiler checks that its presenter fits the operation. */
export const tool = <Name extends ToolOperation>(typed: Typed<Name>): Tool => ({
  ...typed,
  name: TOOL_NAMES[typed.operation],
});
