import fc, { type Arbitrary } from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unrestricted } from '../../src/domain/access.ts';
import { toolsFor } from '../../src/mcp/tool-list.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { openTestDatabase } from '../support/database.ts';
import { GENERATIONS, type Generation } from '../support/mcp.ts';
import { strayBodies } from './bodies.ts';
import type { OpenApiDocument, Schema } from './document.ts';
import { write } from './json.ts';
import { valuesOf } from './values.ts';

const { requests, seed } = inject('fuzz');
/** A share of what REST gets: below the door lies the same. */
const RUNS = Math.ceil(requests / 5);
const TIMEOUT_MS = 60_000 + RUNS * 100;
/** With so many calls most tools have succeeded. */
const ENOUGH_FOR_KINDS = 500;
const MAX_TOKENS = 20_000;

interface Message {
  readonly generation: Generation;
  readonly method: string;
  readonly tool: string | undefined;
  /** The params as JSON text without _meta, or a whole body. */
  readonly params?: string;
  readonly body?: string;
}

function messages(document: OpenApiDocument): Arbitrary<Message> {
  const values = valuesOf(document);
  // The generations are the table's keys.
  const generation = fc.constantFrom(...(Object.keys(GENERATIONS) as Generation[]));
  const calls = toolsFor(unrestricted('fuzz')).map(({ name, inputSchema }) => {
    const schema = inputSchema as Schema;
    const given = fc.oneof(
      { arbitrary: values.valid(schema), weight: 3 },
      { arbitrary: values.odd(schema), weight: 2 },
    );
    return fc.record({ generation, given }).map(({ given: json, ...rest }) => ({
      ...rest,
      method: 'tools/call',
      tool: name,
      params: `{"name":${JSON.stringify(name)},"arguments":${write(json)}}`,
    }));
  });
  const stray = fc
    .record({ generation, body: strayBodies, method: fc.constantFrom('tools/call', 'tools/list', 'x') })
    .map(({ body, ...rest }) => ({ ...rest, tool: undefined, body: body?.text ?? '' }));
  return fc.oneof({ arbitrary: fc.oneof(...calls), weight: 9 }, { arbitrary: stray, weight: 1 });
}

function bodyOf({ generation, method, tool, params = '{}', body }: Message): string {
  if (body !== undefined) return body;
  const { meta } = GENERATIONS[generation](method, tool);
  const more = JSON.stringify(meta).slice(1, -1);
  const all = more === '' ? params : `${params.slice(0, -1)},${more}}`;
  return `{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(method)},"params":${all}}`;
}

function problemWith(status: number, text: string): string | undefined {
  if (status >= 500) return `status ${status}`;
  if (text === '') return status === 202 ? undefined : `an empty answer ${status}`;
  // Answers are JSON, or this throws and fails the run.
  const answer = JSON.parse(text) as Record<string, unknown>;
  for (const each of Array.isArray(answer) ? answer : [answer]) {
    const problem = problemWithOne(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemWithOne({ jsonrpc, result, error }: Record<string, unknown>): string | undefined {
  if (jsonrpc !== '2.0' || (result === undefined) === (error === undefined)) return 'no JSON-RPC 2.0';
  if (typeof result !== 'object' || result === null || !('structuredContent' in result)) return undefined;
  const { structuredContent: shown, content } = result as {
    structuredContent: Record<string, unknown>;
    content: { text: string }[];
  };
  if (content[0]?.text !== JSON.stringify(shown)) return 'the text differs from the structure';
  if (new TextEncoder().encode(content[0].text).byteLength > MAX_TOKENS) return 'too large for a model';
  const faults = ['internal_error', 'outcome_unreported', 'outcome_unknown', 'database_unavailable'];
  return faults.includes(String(shown['code'])) ? `a fault: ${content[0].text}` : undefined;
}

describe('whatever is sent over MCP', () => {
  let app: AppUnderTest;
  let document: OpenApiDocument;

  beforeAll(async () => {
    const { neon } = await openTestDatabase();
    app = appUnderTest({ driver: 'neon', connectionString: neon, logLevel: 'silent' });
    // The shape that OpenAPI 3.1 prescribes; the generators take samples from it.
    document = (await (await app.send('/openapi.json')).json()) as OpenApiDocument;
  });

  it('every message is answered as JSON-RPC prescribes, never with a fault, and fits a model', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const kinds = new Map<string, number>();
    const property = fc.asyncProperty(messages(document), async (message) => {
      const { headers } = GENERATIONS[message.generation](message.method, message.tool);
      const response = await app.send('/mcp', {
        method: 'POST',
        body: bodyOf(message),
        headers: { 'content-type': 'application/json', ...headers },
      });
      const text = await response.text();
      expect(problemWith(response.status, text)).toBeUndefined();
      const kind = `${message.tool} ${text.includes('"isError":true') ? 'refused' : response.status}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: RUNS, seed });
    console.info([...kinds].map(([kind, count]) => `${kind}: ${count}`).join('\n'));
    const answered = [...kinds.keys()].filter((kind) => kind.endsWith(' 200'));
    expect(answered.length).toBeGreaterThan(RUNS < ENOUGH_FOR_KINDS ? 0 : 5);
  });
});
