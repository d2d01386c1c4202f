import type { z } from 'zod';
import type { OperationName, OperationNamed } from '../operations/index.ts';
import type { Row } from './row.ts';

type FieldOf<Name extends OperationName> = keyof OperationNamed<Name>['input']['fields'] & string;

/** What an operation answers. */
export type OutputOf<Name extends OperationName> = z.output<OperationNamed<Name>['output']>;

interface Typed<Name extends OperationName> extends Row {
  readonly operation: Name;
  readonly query: readonly FieldOf<Name>[] | 'ignored';
}

/** Lets the compiler check a row's fields. */
export const row = <Name extends OperationName>(typed: Typed<Name>): Row => typed;
