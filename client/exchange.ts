import type { Clock } from './clock.ts';
import { type LocalCode, TaskTrackerError } from './error.ts';
import type { HttpRequest } from './request.ts';

/** What a call needs of the world. */
export interface Ports {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

export interface Exchange {
  readonly request: HttpRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly answersJson: boolean;
  /** In milliseconds, until the answer has arrived whole. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends a request once; resolves with the body of a success, rejects with a TaskTrackerError. */
export async function exchange(
  { request, headers, answersJson, timeout, signal }: Exchange,
  { fetch, clock }: Ports,
): Promise<unknown> {
  const limit = new AbortController();
  const cancel = clock.after(timeout, () => limit.abort());
  const { method, url, body } = request;
  const what = nameOf(request);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal: signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]),
      ...(body === undefined ? {} : { body }),
    });
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw aborted(request, signal.reason);
    throw lost(what, limit.signal.aborted ? timeout : undefined, cause);
  } finally {
    cancel();
  }
  if (response.ok && !answersJson) return text;
  const content = objectIn(text);
  if (response.ok && content !== undefined) return content;
  throw refused(what, response, content);
}

const nameOf = ({ method, url }: HttpRequest) => `${method} ${new URL(url).pathname}`;

/** The error of a call that its caller has ended. */
export function aborted(request: HttpRequest, cause: unknown): TaskTrackerError {
  return new TaskTrackerError(`${nameOf(request)} was aborted`, { code: 'aborted' }, { cause });
}

function lost(what: string, timedOutAfter: number | undefined, cause: unknown): TaskTrackerError {
  const code: LocalCode = timedOutAfter === undefined ? 'connection_failed' : 'timeout';
  const why = timedOutAfter === undefined ? 'the connection failed' : `none came within ${timedOutAfter} ms`;
  return new TaskTrackerError(`${what} got no answer: ${why}`, { code }, { cause });
}

function refused(
  what: string,
  { status, headers }: Response,
  content: Readonly<Record<string, unknown>> | undefined,
): TaskTrackerError {
  const { code, error, details, request_id: told } = content ?? {};
  const requestId = typeof told === 'string' ? told : (headers.get('x-request-id') ?? undefined);
  const retryAfterSeconds = secondsIn(headers.get('retry-after'));
  const facts = { status, requestId, retryAfterSeconds };
  if (typeof code === 'string' && typeof error === 'string')
    return new TaskTrackerError(error, { ...facts, code, details: asObject(details) });
  const message = `${what} was answered ${status} in no form that the service uses: is there a proxy between?`;
  return new TaskTrackerError(message, { ...facts, code: 'unexpected_answer', details: content });
}

/** A date, which the service never sends, counts as nothing. */
function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An object other than null has fields by name.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
