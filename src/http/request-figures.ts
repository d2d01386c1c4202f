import { matchedRoutes } from 'hono/route';
import type { ErrorCode } from '../domain/errors/index.ts';
import type { AppContext } from './context.ts';

/** What is measured of one request; nothing in it comes from the client's own words. */
export interface RequestFigures {
  /** The pattern of the route with its fields in braces, or `other`. */
  readonly route: string;
  /** As RFC 9110 has it, or `other`. */
  readonly method: string;
  /** Such as `2xx`. */
  readonly status_class: string;
  /** Of the error that was answered; for a tool over MCP, of its failure. */
  readonly code?: ErrorCode | undefined;
  /** The tool that was called over MCP. */
  readonly tool?: string | undefined;
  /** Until the answer was made, in milliseconds; of a stream, until it began. */
  readonly duration_ms: number;
  readonly database_ms: number;
  /** How often a statement was sent, repetitions included. */
  readonly statements: number;
}

/** Takes the figures of a request; must not throw. */
export type ObserveRequest = (figures: RequestFigures) => void;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER = 'other';

/** The figures of a request that has been answered in that many milliseconds. */
export function figuresOf(c: AppContext, duration_ms: number): RequestFigures {
  const { method } = c.req;
  const database = c.get('database');
  return {
    route: routeOf(c),
    method: METHODS.has(method) ? method : OTHER,
    status_class: `${Math.floor(c.res.status / 100)}xx`,
    code: c.get('toolFailure')?.code ?? c.get('errorCode'),
    tool: c.get('tool'),
    duration_ms,
    database_ms: database?.elapsed() ?? 0,
    statements: database?.attempts() ?? 0,
  };
}

/** By the pattern of the router; there are as many as the app has routes. */
const SHOWN = new Map<string, string>();

/** Routes for every method are middleware; of the others, the first one answers. */
function routeOf(c: AppContext): string {
  const route = matchedRoutes(c).find(({ method }) => method !== 'ALL');
  if (route === undefined) return OTHER;
  const shown = SHOWN.get(route.path) ?? route.path.replaceAll(/:(\w+)/g, '{$1}');
  SHOWN.set(route.path, shown);
  return shown;
}
