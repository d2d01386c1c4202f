import { encode } from 'gpt-tokenizer';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_CLAIM, EXAMPLE_TASK_CLAIMED } from '../../src/contract/examples.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { INSTRUCTIONS } from '../../src/mcp/instructions.ts';
import { presentClaim } from '../../src/mcp/present/claim.ts';
import { presentList } from '../../src/mcp/present/list.ts';
import { presentTask } from '../../src/mcp/present/task.ts';
import { toolsFor } from '../../src/mcp/tool-list.ts';

const tokensOf = (value: unknown) => encode(typeof value === 'string' ? value : JSON.stringify(value)).length;

const task = {
  ...EXAMPLE_TASK_CLAIMED,
  attempt: 2,
  max_attempts: 3,
  last_error: 'The lease of agent-6 expired',
};
const TEXTS = ['description', 'context_notes', 'completion_notes', 'last_error', 'generator_name'] as const;
const ownTexts = (from: typeof task) =>
  [...TEXTS.map((name) => from[name] ?? ''), ...from.inputs, ...from.expected_outputs].map(tokensOf);
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

const WORST = ['語', '🦄', 'x7Q', '\u0001', '"\\'];

describe('what the MCP endpoint costs a model, in tokens', () => {
  it('the whole list of tools costs at most 1,500', () => {
    const tools = toolsFor(unrestricted('test'));
    expect(tools).toHaveLength(8);
    expect(tokensOf({ tools })).toBeLessThanOrEqual(1_500);
  });

  it('the instructions have fewer than 120 words and 2,000 characters', () => {
    expect(INSTRUCTIONS.split(/\s+/).length).toBeLessThan(120);
    expect(INSTRUCTIONS.length).toBeLessThan(2_000);
  });

  it('a claimed task costs at most 100 beyond its own texts', () => {
    const shown = presentClaim({ task, claim: EXAMPLE_CLAIM, reason: 'claimed' });
    expect(tokensOf(shown) - sum(ownTexts(task))).toBeLessThanOrEqual(100);
  });

  it('a list of 50 costs at most 1,300 beyond the descriptions’ first 80 characters', () => {
    const description =
      'Generate the product requirements of the epic and validate them against the template, twice';
    const tasks = Array.from({ length: 50 }, (_, n) => ({
      ...task,
      task_id: `TASK-${n + 100}`,
      description,
    }));
    const next_cursor = 'eyJwIjoiYWktYWdlbnQtbWNwLXNlcnZlciIsInMiOjEyMzQ1Njd9';
    const shown = presentList({ tasks, count: 50, next_cursor });
    expect(tokensOf(shown) - 50 * tokensOf(description.slice(0, 80))).toBeLessThanOrEqual(1_300);
  });

  it.each(WORST)('no answer of texts full of %j costs more than 20,000', (piece) => {
    const text = piece.repeat(Math.floor(10_000 / [...piece].length));
    const list = Array.from({ length: 100 }, () => piece.repeat(Math.floor(200 / [...piece].length)));
    const large = {
      ...task,
      description: text,
      context_notes: text,
      completion_notes: text,
      last_error: text,
      generator_name: piece.repeat(50),
      inputs: list,
      expected_outputs: list,
    };
    const claim = presentClaim({ task: large, claim: EXAMPLE_CLAIM, reason: 'claimed' });
    const page = presentList({ tasks: Array(100).fill(large), count: 100, next_cursor: 'x'.repeat(100) });
    const part = presentTask(large, { field: 'description' });
    for (const shown of [claim, page, part, presentTask(large)]) {
      expect(tokensOf(shown)).toBeLessThanOrEqual(20_000);
    }
  });
});
