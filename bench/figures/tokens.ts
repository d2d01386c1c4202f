import { encode } from 'gpt-tokenizer';
import { EXAMPLE_CLAIM, EXAMPLE_TASK_CLAIMED } from '../../src/contract/examples.ts';
import type { Task } from '../../src/contract/task.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { INSTRUCTIONS } from '../../src/mcp/instructions.ts';
import { presentClaim } from '../../src/mcp/present/claim.ts';
import { presentList } from '../../src/mcp/present/list.ts';
import { toolsFor } from '../../src/mcp/tool-list.ts';
import type { Figure, Row } from '../support/figure.ts';

const TEXTS = ['description', 'context_notes', 'completion_notes', 'last_error', 'generator_name'] as const;
const ROWS = 50;
const SHOWN_CHARACTERS = 80;
const DESCRIPTION =
  'Generate the product requirements of the epic and validate them against the template, twice';
const CURSOR = 'eyJwIjoiYWktYWdlbnQtbWNwLXNlcnZlciIsInMiOjEyMzQ1Njd9';

/** A second attempt, so that what an agent is told of the first counts as well. */
export const LARGEST_CLAIM: Task = {
  ...EXAMPLE_TASK_CLAIMED,
  attempt: 2,
  max_attempts: 3,
  last_error: 'The lease of agent-6 expired',
};

/** Tokens of o200k, as the models of today count about alike. */
export function tokensOf(value: unknown): number {
  return encode(typeof value === 'string' ? value : JSON.stringify(value)).length;
}

function claimBeyondItsTexts(): number {
  const { inputs, expected_outputs } = LARGEST_CLAIM;
  const texts = [...TEXTS.map((name) => LARGEST_CLAIM[name] ?? ''), ...inputs, ...expected_outputs];
  const shown = presentClaim({ task: LARGEST_CLAIM, claim: EXAMPLE_CLAIM, reason: 'claimed' });
  return tokensOf(shown) - texts.reduce((all, text) => all + tokensOf(text), 0);
}

function listBeyondDescriptions(): number {
  const tasks = Array.from({ length: ROWS }, (_, n) => ({
    ...LARGEST_CLAIM,
    task_id: `TASK-${n + 100}`,
    description: DESCRIPTION,
  }));
  const shown = presentList({ tasks, count: ROWS, next_cursor: CURSOR });
  return tokensOf(shown) - ROWS * tokensOf(DESCRIPTION.slice(0, SHOWN_CHARACTERS));
}

const row = (what: string, tokens: number, most: number): Row => ({
  what: `MCP: ${what}`,
  measured: `${tokens} tokens`,
  bar: `at most ${most}`,
  met: tokens <= most,
});

/** What the MCP endpoint costs a model. */
export function tokenRows(): Row[] {
  return [
    row('the whole list of tools', tokensOf({ tools: toolsFor(unrestricted('bench')) }), 2_300),
    row('the instructions', tokensOf(INSTRUCTIONS), 200),
    row('a claimed task, beyond its own texts', claimBeyondItsTexts(), 100),
    row(`a list of ${ROWS}, beyond its descriptions`, listBeyondDescriptions(), 1_300),
  ];
}

export const tokens: Figure = () => Promise.resolve(tokenRows());
