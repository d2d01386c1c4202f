import { type SQL, sql } from 'drizzle-orm/sql';
import type { ClaimContext } from '../contract/claim-context.ts';
import { constant } from '../db/sql/constant.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';

const { contextNeeds, contextAttempts, contextBytes } = GRAPH_LIMITS;

/**
 * What the task of a row under that alias goes on from, as JSON: what each need came to, and its own last attempts. Null
 * for a first attempt that needs nothing, or without a task.
 */
export function claimContext(alias: string): SQL {
  const task = sql.identifier(alias);
  const wasTried = sql`(${task}.attempt > 1 or ${task}.expiries > 0)`;
  return sql`case
        when ${wasTried} or exists (
          select
          from task_needs
          where task_needs.project_id = ${task}.project_id
            and task_needs.task_id = ${task}.task_id
        ) then claim_context(
          ${task}.project_id, ${task}.task_id, ${constant(contextNeeds)},
          case when ${wasTried} then ${constant(contextAttempts)} else 0 end, ${constant(contextBytes)}
        )
      end`;
}

const encoder = new TextEncoder();
const sizeOf = (value: unknown) => encoder.encode(JSON.stringify(value)).byteLength;

type Need = NonNullable<ClaimContext['needs']>[number];

/** In the order in which they are left out. */
const CUTTABLE = ['result', 'artifacts', 'completion_notes'] as const;

function without(need: Need, name: (typeof CUTTABLE)[number]): Need {
  const { [name]: left, ...rest } = need;
  return left === undefined ? need : { ...rest, is_cut: true };
}

/** Leaves out, from the largest, what does not fit into a claim's answer, and says `is_cut` where it did. */
export function boundedContext(raw: ClaimContext): ClaimContext {
  const fits = (context: ClaimContext) => sizeOf(context) <= contextBytes;
  if (fits(raw)) return raw;
  const needs = [...(raw.needs ?? [])];
  const cuts = CUTTABLE.flatMap((name) =>
    needs
      .map((need, index) => ({ name, index, size: sizeOf(need[name] ?? null) }))
      .sort((one, other) => other.size - one.size),
  );
  const context = { ...raw, ...(raw.needs === undefined ? {} : { needs }) };
  for (const { name, index } of cuts) {
    const need = needs[index];
    if (need !== undefined) needs[index] = without(need, name);
    if (fits(context)) return context;
  }
  const attempts = (raw.attempts ?? []).map(({ error: _, ...attempt }) => ({
    ...attempt,
    is_cut: true as const,
  }));
  return { ...context, attempts };
}
