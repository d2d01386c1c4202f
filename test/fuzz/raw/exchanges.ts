import fc, { type Arbitrary } from 'fast-check';
import type { Judge } from '../answers.ts';
import { bytesOf } from '../bodies.ts';
import type { OpenApiDocument } from '../document.ts';
import { type FuzzRequest, requestsFrom } from '../requests.ts';
import { type Exchange, type RawMessage, textOf, utf8 } from './message.ts';
import {
  FRAMINGS,
  HOST_END,
  ODD_FRAMINGS,
  ODD_HOSTS,
  ODD_LINE_ENDS,
  ODD_LINES,
  ODD_RAW_METHODS,
  ODD_VERSIONS,
  PREFIXES,
  TARGET_FORMS,
} from './oddities.ts';

const JSON_LINE = ['content-type', 'application/json'] as const;
const PROJECT = 'project=ai-agent-mcp-server';
const MOST_BEFORE = 4;

/** Generates what is sent over one connection: requests of a document, wrapped in every way but the usual one. */
export function exchangesFrom(
  document: OpenApiDocument,
  { operationOf }: Pick<Judge, 'operationOf'>,
): Arbitrary<Exchange> {
  const requests = requestsFrom(document).map(withoutWaits);
  // Nobody waits for the rest of a body that nobody reads, so the request is carried out, and when is chance.
  const isWholeWithoutBody = (request: FuzzRequest) =>
    request.body !== undefined && operationOf(request)?.body === undefined;
  const before = fc.array(plainMessages, { maxLength: MOST_BEFORE, size: 'small' });
  const odd = fc.record({ before, last: oddMessages(requests), isAborted: fc.constant(false) });
  // Nothing stands in front of what is torn down: whether that was done in time would be chance.
  const aborted = fc.record({
    before: fc.constant([]),
    last: cutMessages(requests.filter((request) => !isWholeWithoutBody(request))),
    isAborted: fc.constant(true),
  });
  const cut = fc.record({ before, last: cutMessages(requests), isAborted: fc.constant(false) });
  return fc.oneof(
    { arbitrary: odd, weight: 8 },
    { arbitrary: cut, weight: 1 },
    { arbitrary: aborted, weight: 1 },
  );
}

/** Real time passes here, so nobody waits: the same request but for the number. */
function withoutWaits({ target, body, ...request }: FuzzRequest): FuzzRequest {
  return {
    ...request,
    target: target.replaceAll(/(wait_seconds=)[1-9]\d?(?!\d)/g, '$10'),
    body: body && { ...body, text: body.text.replaceAll(/("wait_seconds":)[1-9]\d?(?!\d)/g, '$10') },
  };
}

function usually<T>(usual: T, odd: readonly T[], oneIn: number): Arbitrary<T> {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: oneIn - 1 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  );
}

/** A request with most of its wrapping as usual, and one or two parts of it that are not. */
function oddMessages(requests: Arbitrary<FuzzRequest>): Arbitrary<RawMessage> {
  const parts = fc.record({
    request: requests,
    method: usually<string | undefined>(undefined, ODD_RAW_METHODS, 12),
    form: usually((target: string) => ({ target, meant: target }), TARGET_FORMS, 4),
    version: usually('HTTP/1.1', ODD_VERSIONS, 12),
    hosts: usually<readonly string[]>(['Host: service.test'], ODD_HOSTS, 8),
    lines: fc.oneof(
      { arbitrary: fc.constant([]), weight: 5 },
      { arbitrary: fc.array(fc.constantFrom(...ODD_LINES), { minLength: 1, maxLength: 3 }), weight: 1 },
    ),
    framing: fc.oneof(fc.constantFrom(...FRAMINGS), fc.constantFrom(...ODD_FRAMINGS)),
    lineEnd: usually('\r\n', ODD_LINE_ENDS, 24),
    prefix: usually('', PREFIXES, 24),
  });
  return parts.map(({ request, method = request.method, form, hosts, lines, framing, ...rest }) => {
    const { target, meant } = form(utf8(request.target));
    const framed = request.body === undefined ? { lines: [], payload: '' } : framing(bodyOf(request));
    const all = [...hosts, ...headersOf(request), ...lines, ...framed.lines];
    const text = textOf({ ...rest, method, target, lines: all, payload: framed.payload });
    const isClear = !hosts.some((line) => HOST_END.test(line));
    return { text, method, meant: isClear ? { ...request, method, target: meant } : undefined };
  });
}

/** A request of usual wrapping that breaks off somewhere, mostly within its body if it has one. */
function cutMessages(requests: Arbitrary<FuzzRequest>): Arbitrary<RawMessage> {
  const parts = fc.record({
    request: requests.map((request): FuzzRequest => ({ ...request, headers: [JSON_LINE] })),
    framing: fc.constantFrom(...FRAMINGS),
    share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    isInBody: fc.boolean(),
  });
  return parts.map(({ request, framing, share, isInBody }) => {
    const message = plain(request, framing);
    const headLength = message.text.indexOf('\r\n\r\n') + 4;
    const from = isInBody && headLength < message.text.length ? headLength : 0;
    const at = from + Math.floor((message.text.length - from) * share);
    return { ...message, text: message.text.slice(0, at) };
  });
}

function plain(request: FuzzRequest, framing = FRAMINGS[0]): RawMessage {
  const framed = request.body === undefined ? undefined : framing?.(bodyOf(request));
  const lines = ['Host: service.test', ...headersOf(request), ...(framed?.lines ?? [])];
  const target = utf8(request.target);
  const usual = { prefix: '', version: 'HTTP/1.1', lineEnd: '\r\n' };
  const text = textOf({ ...usual, method: request.method, target, lines, payload: framed?.payload ?? '' });
  return { text, method: request.method, meant: { ...request, target } };
}

/** What each is answered depends on those before it; all of it is documented. */
const plainMessages: Arbitrary<RawMessage> = fc
  .constantFrom<FuzzRequest>(
    get(`/tasks/next?${PROJECT}`),
    { ...get(`/tasks/next?${PROJECT}`), method: 'HEAD' },
    get(`/tasks?${PROJECT}&limit=2`),
    get('/nowhere'),
    json('PUT', `/tasks/TASK-051/status?${PROJECT}`, '{"status":"in_progress"}'),
    json('PUT', `/tasks/TASK-051/status?${PROJECT}`, '{"status":"pending"}'),
    json('POST', '/tasks/batch', '{"tasks":[{"task_id":"P-1","project_id":"p","description":"d"}]}'),
    json('POST', '/tasks/batch', '[]'),
  )
  .chain((request) => fc.constantFrom(...FRAMINGS).map((framing) => plain(request, framing)));

/** A request that is answered 200 as long as the service is well. */
export const PROBE: RawMessage = plain(get(`/tasks/next?${PROJECT}`));

function get(target: string): FuzzRequest {
  return { method: 'GET', target, headers: [], body: undefined };
}

function json(method: string, target: string, text: string): FuzzRequest {
  return { method, target, headers: [JSON_LINE], body: { text } };
}

function bodyOf({ body }: FuzzRequest): string {
  return Buffer.from(bytesOf(body ?? { text: '' })).toString('latin1');
}

function headersOf({ headers }: FuzzRequest): string[] {
  return headers.map(([name, value]) => utf8(`${name}: ${value}`));
}
