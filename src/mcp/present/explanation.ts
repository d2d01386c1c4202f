import type { z } from 'zod';
import type { explainTaskOutput } from '../../contract/explain-task.ts';
import type { Call } from '../../domain/explain.ts';
import type { Shown } from '../tool.ts';
import { filled } from './task.ts';

const DEPENDENTS = 20;

type ToolOf = (call: Call) => string | undefined;

/** What holds a task up, and what changes that: calls of tools, or what only REST has. */
export function presentExplanation(told: z.output<typeof explainTaskOutput>, toolOf: ToolOf): Shown {
  const { task_id, status, claimable, conditions, dependents } = told;
  const unmet = conditions
    .filter(({ met }) => !met)
    .map(({ condition, fact, calls }) => filled({ condition, fact, ...presentCalls(calls, toolOf) }));
  const more = dependents.length - DEPENDENTS;
  return {
    ...filled({ task_id, status, claimable, unmet, dependents: dependents.slice(0, DEPENDENTS) }),
    ...(more > 0 ? { more_dependents: more } : {}),
  };
}

function presentCalls(calls: readonly Call[], toolOf: ToolOf) {
  const shown = calls.map((call) => ({ tool: toolOf(call), ...call }));
  return {
    calls: shown.flatMap(({ tool, arguments: given }) => (tool === undefined ? [] : [{ tool, ...given }])),
    over_rest: shown.flatMap(({ tool, operation, arguments: given }) =>
      tool === undefined ? [{ operation, ...given }] : [],
    ),
  };
}
