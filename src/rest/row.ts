import type { z } from 'zod';
import type { AppContext } from '../http/context.ts';
import type { OperationName } from '../operations/index.ts';

/** The methods of HTTP that a row may have. */
export type RouteMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What the description calls a route and its schemas. */
export interface RouteNames {
  readonly id: string;
  readonly tag: 'tasks' | 'claims' | 'operations';
  /** The schema of its answer; absent where that is no JSON. */
  readonly answer?: string;
  /** The schema of its body; absent where it has none. */
  readonly body?: string;
}

/** One request of the REST door. */
export interface Row {
  readonly operation: OperationName;
  readonly method: RouteMethod;
  /** With the fields that it holds in braces, as OpenAPI writes them. */
  readonly path: string;
  /** The fields that are parameters of the query. The body, where there is one, holds all that are left. */
  readonly query: readonly string[] | 'ignored';
  /** How fields that are not text are read from the query. */
  readonly texts?: Readonly<Record<string, z.ZodType>>;
  readonly names: RouteNames;
  /** How the output becomes the answer; as JSON with `success` unless it is given. */
  readonly answer?: (output: unknown, c: AppContext) => Response;
}
