import { describe, expect, it } from 'vitest';
import { LARGEST_CLAIM, tokenRows, tokensOf } from '../../bench/figures/tokens.ts';
import { EXAMPLE_CLAIM } from '../../src/contract/examples.ts';
import { INSTRUCTIONS } from '../../src/mcp/instructions.ts';
import { presentClaim } from '../../src/mcp/present/claim.ts';
import { presentList } from '../../src/mcp/present/list.ts';
import { presentNotes } from '../../src/mcp/present/notes.ts';
import { presentTask } from '../../src/mcp/present/task.ts';
import { TOOLS } from '../../src/mcp/tools.ts';
import { boundedContext } from '../../src/operations/claim-context.ts';

const WORST = ['語', '🦄', 'x7Q', '\u0001', '"\\'];

describe('what the MCP endpoint costs a model, in tokens', () => {
  it.each(tokenRows())('$what costs $bar', ({ measured, met }) => {
    expect([measured, met]).toEqual([measured, true]);
  });

  it('there are at most 12 tools', () => {
    expect(TOOLS.length).toBeLessThanOrEqual(12);
  });

  it('the instructions have fewer than 120 words and 2,000 characters', () => {
    expect(INSTRUCTIONS.split(/\s+/).length).toBeLessThan(120);
    expect(INSTRUCTIONS.length).toBeLessThan(2_000);
  });

  it.each(WORST)('no answer of texts full of %j costs more than 20,000', { timeout: 60_000 }, (piece) => {
    const text = piece.repeat(Math.floor(10_000 / [...piece].length));
    const list = Array.from({ length: 100 }, () => piece.repeat(Math.floor(200 / [...piece].length)));
    const large = {
      ...LARGEST_CLAIM,
      description: text,
      context_notes: text,
      completion_notes: text,
      last_error: text,
      generator_name: piece.repeat(50),
      inputs: list,
      expected_outputs: list,
    };
    const claim = presentClaim({ task: large, claim: EXAMPLE_CLAIM, reason: 'claimed' });
    const context = boundedContext({
      needs: Array.from({ length: 20 }, () => ({
        kind: 'task' as const,
        need: 'A-1',
        completion_notes: piece.repeat(60),
      })),
    });
    const held = presentClaim({ task: large, claim: EXAMPLE_CLAIM, reason: 'claimed', context });
    const tasks = Array.from({ length: 100 }, () => large);
    const page = presentList({ tasks, count: 100, next_cursor: 'x'.repeat(100) });
    const part = presentTask(large, { field: 'description' });
    const note = { version: 1, at: 'x'.repeat(24), author: 'x', agent_id: piece.repeat(50), text };
    const notes = presentNotes({ notes: [note, note, note], count: 3, next_cursor: null });
    for (const shown of [claim, held, page, part, notes, presentTask(large)]) {
      expect(tokensOf(shown)).toBeLessThanOrEqual(20_000);
    }
  });
});
