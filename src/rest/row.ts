import type { z } from 'zod';
import type { AppContext } from '../http/context.ts';
import type { OperationName } from '../operations/index.ts';
import type { WaitPorts } from '../operations/waiting.ts';

export type RouteMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface RouteNames {
  readonly id: string;
  readonly tag: 'tasks' | 'claims' | 'graph' | 'projects' | 'ids' | 'events' | 'operations';
  /** The schema of the answer; absent where it is not JSON. */
  readonly answer?: string;
  /** What a text is, where the answer is none of JSON; plain by default. */
  readonly text?: string;
  readonly body?: string;
  /** Whether a client may ask for Server-Sent Events instead. */
  readonly streams?: boolean;
  /** Whether an answer tells a revision in ETag; a request with a body may demand one in If-Match. */
  readonly hasEtag?: boolean;
}

/** A request whose route decides how often its operation runs. */
export interface Asked {
  readonly c: AppContext;
  readonly input: Readonly<Record<string, unknown>>;
  /** Runs the operation once, and holds no connection afterwards. */
  readonly run: (input: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly pauses: WaitPorts;
  /** Takes a place among the waits of the credential for that many milliseconds; returns what gives it back. */
  readonly enterWait: (patience: number) => () => void;
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
  /** A GET that changes something: HEAD, which is for looking, does not lead to it. */
  readonly hasNoHead?: true;
  /** JSON with `success` by default. */
  readonly answer?: (output: unknown, c: AppContext) => Response;
  /** Parameters that this request has elsewhere; they go before those of the query. */
  readonly parameters?: (c: AppContext) => Readonly<Record<string, string>>;
  /** Runs the operation and answers; once, with `answer`, by default. */
  readonly serve?: (asked: Asked) => Promise<Response>;
}
