import type { z } from 'zod';
import type { AppContext } from '../http/context.ts';
import type { OperationName } from '../operations/index.ts';

export type RouteMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface RouteNames {
  readonly id: string;
  readonly tag: 'tasks' | 'claims' | 'operations';
  /** The schema of the answer; absent where it is not JSON. */
  readonly answer?: string;
  readonly body?: string;
}

export interface Row {
  readonly operation: OperationName;
  readonly method: RouteMethod;
  /** With fields in braces, as OpenAPI writes them. */
  readonly path: string;
  /** The parameters of the query; a body takes the remaining fields. */
  readonly query: readonly string[] | 'ignored';
  readonly texts?: Readonly<Record<string, z.ZodType>>;
  readonly names: RouteNames;
  /** JSON with `success` by default. */
  readonly answer?: (output: unknown, c: AppContext) => Response;
}
