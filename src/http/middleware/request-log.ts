import type { CredentialProblem } from '../../auth/verdict.ts';
import type { LogLevel } from '../../domain/log-level.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { describeError } from '../error-description.ts';

export type { LogLevel };

export type Severity = 'INFO' | 'WARN' | 'ERROR';

export interface LogLine {
  readonly timestamp: string;
  readonly level: Severity;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  readonly duration_ms: number;
  readonly request_id: string;
  /** Absent on open paths and refusals. */
  readonly caller?: string;
  readonly credential_prefix?: string;
  /** Absent without a credential, or with one that Bearer does not allow. */
  readonly credential_problem?: CredentialProblem;
  readonly client_address?: string;
  /** The tool that was called over MCP, and the code of its failure. */
  readonly tool?: string;
  readonly tool_error?: string;
  readonly error?: unknown;
}

type Identification = Pick<LogLine, 'caller' | 'credential_prefix' | 'credential_problem' | 'client_address'>;

export interface LogPorts {
  readonly write: (line: LogLine) => void;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

const LOGGED_AT: Readonly<Record<LogLevel, readonly Severity[]>> = {
  info: ['INFO', 'WARN', 'ERROR'],
  warn: ['WARN', 'ERROR'],
  error: ['ERROR'],
  silent: [],
};

/** A secret in an unknown parameter stays out of the log. */
const LOGGED_PARAMS = ['project', 'status', 'limit', 'cursor'] as const;
const LONGEST_VALUE = 200;
/** An IPv6 address that ends in an IPv4 one. */
const LONGEST_ADDRESS = 45;

/** Writes one line per request (US-050, "Logging"); the error only for failures of ours. */
export function requestLog(threshold: LogLevel, ports: LogPorts): AppMiddleware {
  const logged = LOGGED_AT[threshold];
  return async (c, next) => {
    const began = ports.wallClock();
    await next();
    const level = severityOf(c.get('toolFailure')?.status ?? c.res.status);
    if (!logged.includes(level)) return;
    ports.write({
      timestamp: new Date(began).toISOString(),
      level,
      method: c.req.method,
      path: c.req.path.slice(0, LONGEST_VALUE),
      params: paramsOf(c),
      status: c.res.status,
      duration_ms: ports.wallClock() - began,
      request_id: c.get('requestId'),
      ...whoAsked(c),
      ...toolOf(c),
      ...(level === 'ERROR' ? { error: describeError(c.error) } : {}),
    });
  };
}

/** Cloudflare's edge overwrites CF-Connecting-IP, so no client can forge it. */
function whoAsked(c: AppContext): Identification {
  const caller = c.get('caller');
  if (caller !== undefined) return { caller: caller.name };
  // Without a caller, 429 is for failing too often.
  if (c.res.status !== 401 && c.res.status !== 429) return {};
  const presented = c.get('presented');
  const problem = c.get('credentialProblem');
  const address = c.req.header('cf-connecting-ip');
  return {
    ...(presented === undefined ? {} : { credential_prefix: presented }),
    ...(problem === undefined ? {} : { credential_problem: problem }),
    ...(address === undefined ? {} : { client_address: address.slice(0, LONGEST_ADDRESS) }),
  };
}

function toolOf(c: AppContext): Pick<LogLine, 'tool' | 'tool_error'> {
  const tool = c.get('tool');
  const failure = c.get('toolFailure');
  return { ...(tool && { tool }), ...(failure && { tool_error: failure.code }) };
}

function severityOf(status: number): Severity {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARN' : 'INFO';
}

function paramsOf(c: AppContext): Record<string, string> {
  const params: Record<string, string> = {};
  const query = c.req.query();
  for (const name of LOGGED_PARAMS) {
    const value = query[name];
    if (value !== undefined) params[name] = value.slice(0, LONGEST_VALUE);
  }
  return params;
}
