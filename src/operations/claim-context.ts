import { type SQL, sql } from 'drizzle-orm/sql';
import type { ClaimContext } from '../contract/claim-context.ts';
import { constant } from '../db/sql/constant.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';

/** No text that is longer fits into what a claim brings. */
const most = constant(GRAPH_LIMITS.contextBytes);

const short = (text: SQL) => sql`left(${text}, ${most})`;

/** What a result or an artifact would take too much room for is null here, and `cut` says so. */
const small = (json: SQL) => sql`case when octet_length(${json}::text) <= ${most} then ${json} end`;
const isLarge = (json: SQL) => sql`coalesce(octet_length(${json}::text) > ${most}, false)`;

/**
 * What the task of a row under that alias goes on from, as JSON: what each need came to, and its own last attempts. Null
 * for a first attempt that needs nothing, or without a task.
 */
export function claimContext(alias: string): SQL {
  const task = sql.identifier(alias);
  const made = sql`case
              when edge.kind = 'task' then parent.artifacts
              when parent.task_id is not null then jsonb_path_query_array(
                parent.artifacts, '$[*] ? (@.name == $name)', jsonb_build_object('name', edge.need)
              )
              when artifact.name is not null then jsonb_build_array(jsonb_build_object(
                'name', artifact.name, 'uri', artifact.uri, 'sha256', artifact.sha256, 'bytes', artifact.bytes
              ))
            end`;
  return sql`case when ${task}.task_id is not null then
        nullif(
          jsonb_strip_nulls(jsonb_build_object(
            'needs', (
              select jsonb_agg(jsonb_build_object(
                'kind', kind, 'need', need, 'task_id', task_id, 'status', status,
                'completion_notes', ${short(sql`notes`)}, 'result', ${small(sql`result`)},
                'artifacts', nullif(${small(sql`made`)}, '[]'),
                'is_cut', nullif(${isLarge(sql`result`)} or ${isLarge(sql`made`)}, false)
              ))
              from (
                select
                  edge.kind, edge.need, parent.task_id, parent.status, parent.completion_notes as notes, parent.result,
                  ${made} as made
                from task_needs as edge
                left join tasks as parent on parent.project_id = edge.project_id and parent.task_id = edge.parent
                left join artifacts as artifact
                  on edge.kind = 'artifact' and artifact.project_id = edge.project_id and artifact.name = edge.need
                where edge.project_id = ${task}.project_id
                  and edge.task_id = ${task}.task_id
                order by edge.kind desc, edge.need
                limit ${constant(GRAPH_LIMITS.contextNeeds)}
              ) as came
            ),
            'attempts', case when ${task}.attempt > 1 or ${task}.expiries > 0 then (
              select jsonb_agg(jsonb_build_object(
                'agent_id', agent_id, 'ended_at', ended_at, 'outcome', outcome, 'error', ${short(sql`error`)}
              ))
              from (
                select agent_id, ${isoMoment(sql`attempts.ended_at`)} as ended_at, outcome, error
                from attempts
                where attempts.project_id = ${task}.project_id
                  and attempts.task_id = ${task}.task_id
                order by seq desc
                limit ${constant(GRAPH_LIMITS.contextAttempts)}
              ) as last
            ) end
          )),
          '{}'
        )
      end`;
}

const encoder = new TextEncoder();
const sizeOf = (value: unknown) => encoder.encode(JSON.stringify(value)).byteLength;

/** Leaves out, from the largest, what does not fit into a claim's answer, and says `is_cut` where it did. */
export function boundedContext(raw: ClaimContext): ClaimContext {
  let context = raw;
  for (const name of ['result', 'artifacts', 'completion_notes'] as const) {
    const bySize = [...(context.needs ?? []).keys()].sort(
      (one, other) =>
        sizeOf(context.needs?.[other]?.[name] ?? null) - sizeOf(context.needs?.[one]?.[name] ?? null),
    );
    for (const index of bySize) {
      if (sizeOf(context) <= GRAPH_LIMITS.contextBytes) return context;
      const needs = (context.needs ?? []).map((need, at) => {
        if (at !== index || need[name] === undefined) return need;
        const { [name]: _, ...rest } = need;
        return { ...rest, is_cut: true as const };
      });
      context = { ...context, needs };
    }
  }
  const attempts = (context.attempts ?? []).map(({ error: _, ...attempt }) => ({
    ...attempt,
    is_cut: true as const,
  }));
  return sizeOf(context) <= GRAPH_LIMITS.contextBytes ? context : { ...context, attempts };
}
