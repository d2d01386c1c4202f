import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOver } from '../support/api.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const SAMPLE = path.join(import.meta.dirname, '../data/sdlc-epic-006.json');
const SELF = { name: 'test-agent', version: '1.0.0' };
const PROJECT = 'ai-agent-mcp-server';

interface ToolAnswer {
  readonly [field: string]: unknown;
  readonly structuredContent?: unknown;
}

/** What an agent needs of a client of either generation. */
interface Agent {
  readonly name: string;
  readonly version: () => string | undefined;
  call(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

async function newerAgent(url: URL): Promise<Agent> {
  const client = new Client(SELF, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(url));
  return {
    name: 'newer',
    version: () => client.getNegotiatedProtocolVersion(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

async function olderAgent(url: URL): Promise<Agent> {
  const client = new OlderClient(SELF);
  const transport = new OlderTransport(url);
  await client.connect(transport as Parameters<OlderClient['connect']>[0]);
  return {
    name: 'older',
    version: () => transport.protocolVersion,
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

/** Works until nothing is left; resolves with the tasks it completed and the calls that were refused. */
async function drain(agent: Agent): Promise<{ done: string[]; refused: unknown[] }> {
  const done: string[] = [];
  const refused: unknown[] = [];
  const call = async (name: string, args: Record<string, unknown>) => {
    const { isError, structuredContent } = await agent.call(name, args);
    if (isError) refused.push(structuredContent);
    // The tools of this service always give an object.
    return structuredContent as { task?: { task_id: string }; claim_token?: string };
  };
  for (;;) {
    const { task, claim_token } = await call('claim_task', { project: PROJECT, agent_id: agent.name });
    if (task === undefined) return { done, refused };
    const { task_id } = task;
    await call('heartbeat', { task_id, claim_token });
    await call('update_task_status', { task_id, claim_token, status: 'completed', completion_notes: 'ok' });
    done.push(task_id);
  }
}

describe('the official MCP clients', () => {
  let tested: TestService;
  let agents: Agent[];

  beforeAll(async () => {
    tested = await startTestService();
    const url = new URL(`${tested.service.url}/mcp`);
    agents = [await newerAgent(url), await olderAgent(url)];
  });
  afterAll(async () => {
    for (const agent of agents) await agent.close();
    await tested.stop();
  });

  it('each negotiates the version of its generation', () => {
    expect(agents.map(({ version }) => version())).toEqual(['2026-07-28', '2025-11-25']);
  });

  it('two agents work the sample list off, each task once, with no refused call', async () => {
    const { url } = tested.service;
    const api = apiOver((path, init) => fetch(`${url}${path}`, init));
    // The file is a batch as the API takes it.
    const batch = JSON.parse(await readFile(SAMPLE, 'utf8')) as {
      tasks: { task_id: string; status: string }[];
    };
    const tasks = batch.tasks.map((task) => ({ ...task, status: 'pending' }));
    const added = await api.post('/tasks/batch', { tasks });
    expect(added.body.tasks_added).toBe(tasks.length);
    const results = await Promise.all(agents.map(drain));
    expect(results.map(({ refused }) => refused)).toEqual([[], []]);
    const done = results.flatMap((result) => result.done);
    expect(done.sort()).toEqual(tasks.map(({ task_id }) => task_id).sort());
  });
});
