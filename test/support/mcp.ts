import type { Shown } from '../../src/mcp/tool.ts';
import type { Api } from './api.ts';

/** A message of JSON-RPC as a test reads it. */
export interface RpcAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id?: unknown;
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
}

export interface ToolResult {
  readonly isError: boolean;
  /** The structured content; the text block has the same. */
  readonly shown: Shown & { readonly error: string; readonly code: string; readonly task: Shown };
  readonly text: string;
}

/** What clients of a generation send with each request. */
export const GENERATIONS = {
  '2026-07-28': (method: string, name?: string) => ({
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
    meta: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  }),
  '2025-11-25': () => ({ headers: { 'mcp-protocol-version': '2025-11-25' }, meta: {} }),
  // Sent no version header yet.
  '2025-03-26': () => ({ headers: {}, meta: {} }),
} as const;

export type Generation = keyof typeof GENERATIONS;

const ACCEPTED = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A client of the MCP endpoint that sends what it is told. */
export function mcpOver(api: Pick<Api, 'send'>, generation: Generation = '2026-07-28') {
  async function post(body: unknown, headers: Record<string, string> = {}): Promise<RpcAnswer> {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { ...ACCEPTED, ...headers } };
    const response = await api.send('/mcp', init);
    const text = await response.text();
    // Every answer of the endpoint is JSON, or empty.
    const read = (text === '' ? {} : JSON.parse(text)) as RpcAnswer['body'];
    return { status: response.status, headers: response.headers, body: read };
  }
  function request(method: string, params: Record<string, unknown> = {}): Promise<RpcAnswer> {
    const name = typeof params['name'] === 'string' ? params['name'] : undefined;
    const { headers, meta } = GENERATIONS[generation](method, name);
    return post({ jsonrpc: '2.0', id: 1, method, params: { ...params, ...meta } }, headers);
  }
  async function call(name: string, args: object = {}): Promise<ToolResult> {
    const { body } = await request('tools/call', { name, arguments: args });
    const result = body.result ?? {};
    // The endpoint answers each call with one text block.
    const [block] = (result['content'] ?? []) as { text: string }[];
    return {
      isError: result['isError'] === true,
      shown: result['structuredContent'] as ToolResult['shown'],
      text: block?.text ?? '',
    };
  }
  return { post, request, call };
}
