import {
  createMcpHandler,
  isLegacyRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Tool as ProtocolTool,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { type AppContext, callerOf } from '../http/context.ts';
import { limitCredential } from '../http/middleware/rate-limit.ts';
import { parsedBodyOf } from '../http/parsed-body.ts';
import { invalid } from '../http/problems.ts';
import type { Waits } from '../operations/ports.ts';
import { callTool } from './call.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { McpOptions } from './serve.ts';
import type { Shown } from './tool.ts';
import { toolsFor } from './tool-list.ts';
import { TOOLS } from './tools.ts';

/** Each call of a batch has a connection of its own. */
const MAX_BATCH = 10;

/** How long a client may keep the list of tools, which depends on the credential only. */
const LIST_HINT = { ttlMs: 3_600_000, cacheScope: 'private' } as const;

/** Answers one POST in either generation of the protocol; keeps nothing from one to the next. */
export async function answerMcp(c: AppContext, options: McpOptions): Promise<Response> {
  const parsedBody = parsedBodyOf(c);
  await countCalls(c, parsedBody, options.limiter);
  const calls = Array.isArray(parsedBody) ? parsedBody.length : 1;
  const factory = () => serverFor(c, options, options.openWaits(c, calls));
  const request = leniently(c.req.raw);
  if (await isLegacyRequest(request, parsedBody)) return answerLegacy(request, parsedBody, factory);
  const answer = await createMcpHandler(factory, { legacy: 'reject' }).fetch(request, { parsedBody });
  return isStream(answer) ? withoutSubscriptions(answer, parsedBody) : answer;
}

function tooLarge() {
  const problem = `A batch may have at most ${MAX_BATCH} messages. Send the others after it`;
  return invalid({ sentence: problem, problems: [{ message: MAX_BATCH, problem }] });
}

const isStream = ({ headers }: Response) => headers.get('content-type')?.startsWith('text/event-stream');

/** Only subscriptions are answered with a stream, which the library has for every server; this one has no events. */
async function withoutSubscriptions({ body }: Response, request: unknown): Promise<Response> {
  await body?.cancel();
  // The library has read it as a request.
  const { id } = request as { readonly id: string | number };
  const error = { code: ProtocolErrorCode.MethodNotFound, message: 'Method not found' };
  return Response.json({ jsonrpc: '2.0', id, error }, { status: 404 });
}

/** The protocol asks for both types in Accept; a caller that wants either or says nothing is served as well. */
function leniently({ url, method, headers: given }: Request): Request {
  const headers = new Headers(given);
  if (/^$|\*\/\*|application\/(json|\*)/.test(headers.get('accept') ?? ''))
    headers.set('accept', 'application/json, text/event-stream');
  return new Request(url, { method, headers });
}

/** Clients of 2025-03-26 may send several calls at once; each counts against the limit of its credential. */
async function countCalls(c: AppContext, body: unknown, limiter: McpOptions['limiter']): Promise<void> {
  if (!Array.isArray(body)) return;
  if (body.length > MAX_BATCH) throw tooLarge();
  if (limiter === undefined) return;
  for (const _ of body.slice(1)) await limitCredential(c, limiter);
}

/** JSON in place of an event stream: the library's own way for this generation has no such option. */
async function answerLegacy(request: Request, parsedBody: unknown, factory: () => Server): Promise<Response> {
  const server = factory();
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, { parsedBody });
  } finally {
    await server.close();
  }
}

function serverFor(c: AppContext, { version, openDatabase }: McpOptions, waits: Waits): Server {
  const server = new Server(
    { name: 'task-tracker', title: 'Task tracker', version },
    {
      capabilities: { tools: {} },
      instructions: INSTRUCTIONS,
      cacheHints: { 'tools/list': LIST_HINT, 'server/discover': LIST_HINT },
    },
  );
  // The library's type has every value of JSON written out; ours has objects there.
  server.setRequestHandler('tools/list', () => ({
    tools: toolsFor(callerOf(c)) as unknown as ProtocolTool[],
  }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) throw unknownTool(params.name);
    c.set('tool', tool.name);
    const { shown, isError } = await callTool(c, tool, params.arguments ?? {}, openDatabase, waits);
    return { content: [textOf(shown)], structuredContent: shown, ...(isError ? { isError } : {}) };
  });
  return server;
}

/** Some clients show the model the text only, others the structure only. */
function textOf(shown: Shown) {
  return { type: 'text', text: JSON.stringify(shown) } as const;
}

function unknownTool(name: string): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Unknown tool: ${name.slice(0, 100)}. Use tools/list`,
  );
}
