import { describe, expect, it } from 'vitest';
import { appUnderTest, OPEN_ACCESS } from '../support/app.ts';
import { accessBy, keysFor, withCredential } from '../support/credentials.ts';
import { GENERATIONS, type Generation, mcpOver } from '../support/mcp.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();
const modern = mcpOver(app);
const EVERY_GENERATION = Object.keys(GENERATIONS) as Generation[];

describe.each(EVERY_GENERATION)('MCP of %s', (generation) => {
  const mcp = mcpOver(app, generation);

  it('the tools are listed as JSON, always in the same order', async () => {
    const { status, headers, body } = await mcp.request('tools/list');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    const { tools } = body.result as unknown as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual([
      'get_next_task',
      'claim_task',
      'heartbeat',
      'update_task_status',
      'release_task',
      'get_task',
      'list_tasks',
      'add_tasks',
      'explain_task',
      'edit_task',
      'add_note',
      'list_notes',
    ]);
  });

  it('an unknown tool is an error of the protocol', async () => {
    const { body } = await mcp.request('tools/call', { name: 'delete_everything', arguments: {} });
    expect(body.error).toMatchObject({ code: -32_602, message: expect.stringContaining('Unknown tool') });
  });

  it('an unknown method is not found', async () => {
    const { status, body } = await mcp.request('resources/list');
    expect(body.error?.code).toBe(-32_601);
    expect(status).toBe(generation === '2026-07-28' ? 404 : 200);
  });

  it('a notification is accepted with an empty answer', async () => {
    const { headers } = GENERATIONS[generation]('notifications/cancelled');
    const notification = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await mcp.post(notification, headers)).status).toBe(202);
  });
});

describe('MCP of clients that initialize', () => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('%s is spoken', async (protocolVersion) => {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const { status, headers, body } = await modern.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params,
    });
    expect(status).toBe(200);
    expect(body.result).toMatchObject({ protocolVersion, capabilities: { tools: {} } });
    expect(headers.has('mcp-session-id')).toBe(false);
  });

  it('a client that sends Mcp-Method and initializes is of the older generation', async () => {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    };
    const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params };
    const { status, body } = await modern.post(message, { 'mcp-method': 'initialize' });
    expect([status, body.result?.['protocolVersion']]).toEqual([200, '2025-11-25']);
  });

  it.each(['application/json', '*/*', ''])('a client that accepts "%s" is answered', async (accept) => {
    const { status } = await modern.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { accept });
    expect(status).toBe(200);
  });
});

describe('MCP of 2026-07-28', () => {
  const { headers, meta } = GENERATIONS['2026-07-28']('tools/list');
  const list = (params: object) => ({ jsonrpc: '2.0', id: 7, method: 'tools/list', params });

  it('server/discover tells the version, the tools and the instructions', async () => {
    const { status, body } = await modern.request('server/discover');
    expect(status).toBe(200);
    expect(body.result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      instructions: expect.stringContaining('claim_task'),
      resultType: 'complete',
    });
  });

  it('the list of tools says that it may be kept for its credential', async () => {
    const { body } = await modern.request('tools/list');
    expect(body.result).toMatchObject({ ttlMs: 3_600_000, cacheScope: 'private' });
  });

  it.each([
    ['a request without _meta', list({}), headers, 400, -32_602],
    ['a method header that differs', list(meta), { ...headers, 'mcp-method': 'tools/call' }, 400, -32_020],
    ['a missing method header', list(meta), { 'mcp-protocol-version': '2026-07-28' }, 400, -32_020],
    [
      'a version that nobody knows',
      list({ _meta: { ...meta._meta, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' } }),
      { ...headers, 'mcp-protocol-version': '2027-01-01' },
      400,
      -32_022,
    ],
    [
      'subscriptions, which the service has not',
      { jsonrpc: '2.0', id: 7, method: 'subscriptions/listen', params: { ...meta, notifications: {} } },
      { ...headers, 'mcp-method': 'subscriptions/listen' },
      404,
      -32_601,
    ],
  ])('refuses %s', async (_, message, sent, status, code) => {
    const answer = await modern.post(message, sent);
    expect([answer.status, answer.body.error?.code, answer.body.id]).toEqual([status, code, 7]);
  });
});

describe('the MCP endpoint', () => {
  it.each(['GET', 'DELETE', 'PUT'])('%s is not allowed', async (method) => {
    const response = await app.send('/mcp', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it('a body that is no JSON is a parse error', async () => {
    const init = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } };
    const response = await app.send('/mcp', init);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { jsonrpc: '2.0', id: null, error: { code: -32_700, data: { code: 'malformed_json' } } },
    ]);
  });

  it.each([
    ['http://127.0.0.1:8080', 'https://evil.example', 403],
    ['http://rebound.example:8080', 'http://rebound.example:8080', 403],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 200],
    ['https://tasks.example', 'https://tasks.example', 200],
    ['https://tasks.example', 'https://listed.example', 200],
    ['https://tasks.example', 'null', 403],
  ])('at %s, a page of %s gets %i', async (at, origin, status) => {
    const listing = appUnderTest({ corsOrigins: ['https://listed.example'] });
    const answer = await mcpOver({
      send: (path, init) => {
        const sent = new Headers(init?.headers);
        sent.set('origin', origin);
        return listing.send(`${at}${path}`, { ...init, headers: sent });
      },
    }).request('tools/list');
    expect(answer.status).toBe(status);
  });
});

describe('credentials over MCP', () => {
  const { keys, access } = keysFor({
    reader: { projects: ['a', 'b'], scopes: ['read'] },
    writer: { projects: ['a'], scopes: ['write'] },
    worker: { projects: '*', scopes: ['read', 'write'] },
  });
  const guarded = appUnderTest({ access });
  const toolsOf = async (key: string) => {
    const { body } = await mcpOver(withCredential(guarded, key)).request('tools/list');
    return body.result?.['tools'] as {
      name: string;
      inputSchema: { properties: object; required: string[] };
    }[];
  };

  it('a credential is shown the tools that its scopes allow', async () => {
    expect((await toolsOf(keys.reader)).map(({ name }) => name)).toEqual([
      'get_next_task',
      'get_task',
      'list_tasks',
      'explain_task',
      'list_notes',
    ]);
    expect((await toolsOf(keys.writer)).map(({ name }) => name)).not.toContain('get_task');
    expect(await toolsOf(keys.worker)).toHaveLength(12);
  });

  it('a credential of one project need not name it', async () => {
    for (const { inputSchema } of await toolsOf(keys.writer)) {
      expect(inputSchema.properties).not.toHaveProperty('project');
      expect(inputSchema.required).not.toContain('project');
    }
    const [next] = await toolsOf(keys.reader);
    expect(next?.inputSchema.required).toEqual(['project']);
  });

  it('a call without the project says which projects there are', async () => {
    const reader = mcpOver(withCredential(guarded, keys.reader));
    const { isError, shown } = await reader.call('list_tasks');
    expect([isError, shown.error]).toEqual([
      true,
      'Missing required argument: project. This credential has a, b',
    ]);
  });

  it('a tool that the scopes do not allow refuses before it reads its arguments', async () => {
    const { isError, shown } = await mcpOver(withCredential(guarded, keys.reader)).call('add_tasks', {
      no: 1,
    });
    expect([isError, shown.code]).toEqual([true, 'insufficient_scope']);
  });

  it('without a credential the challenge names no metadata, and there is none', async () => {
    const { status, headers, body } = await mcpOver(guarded).request('tools/list');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.error?.data).toMatchObject({ code: 'missing_credential' });
    for (const path of [
      'oauth-protected-resource',
      'oauth-protected-resource/mcp',
      'oauth-authorization-server',
    ]) {
      const answer = await guarded.get(`/.well-known/${path}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'route_not_found']);
    }
  });

  it('where an issuer is named, its metadata is published and the challenge leads to it', async () => {
    const tokens = { secret: new Uint8Array(32), issuer: 'https://id.example' };
    const issued = appUnderTest({ access: accessBy({ keys: [], tokens }) });
    const { headers } = await mcpOver(issued).request('tools/list');
    const url = 'http://service.test/.well-known/oauth-protected-resource/mcp';
    expect(headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${url}"`);
    const { status, body } = await issued.get('/.well-known/oauth-protected-resource/mcp');
    expect([status, body]).toEqual([
      200,
      {
        resource: 'http://service.test/mcp',
        authorization_servers: ['https://id.example'],
        scopes_supported: ['read', 'write', 'admin'],
        bearer_methods_supported: ['header'],
      },
    ]);
  });

  it('a batch of more than 10 messages is refused', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const { status, body } = await modern.post(Array.from({ length: 11 }, () => ping));
    expect([status, body.error]).toMatchObject([400, { code: -32_600, data: { code: 'validation_error' } }]);
  });

  it('each call of a batch counts against the limit', async () => {
    let left = 3;
    const limited = appUnderTest({
      access: OPEN_ACCESS,
      rateLimiters: { credential: () => Promise.resolve(left-- > 0) },
    });
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect((await mcpOver(limited).post([ping, ping])).status).toBe(200);
    const { status, body } = await mcpOver(limited).post([ping, ping]);
    expect([status, body.error?.data]).toMatchObject([429, { code: 'rate_limited' }]);
  });
});
