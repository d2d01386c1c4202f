import type { OperationName, OperationNamed } from '../operations/index.ts';
import type { Row } from './row.ts';

type FieldOf<Name extends OperationName> = keyof OperationNamed<Name>['input']['fields'] & string;

interface Typed<Name extends OperationName> extends Row {
  readonly operation: Name;
  readonly query: readonly FieldOf<Name>[] | 'ignored';
}

/** Lets the compiler check a row's fields. */
export const row = <Name extends OperationName>(typed: Typed<Name>): Row => typed;
