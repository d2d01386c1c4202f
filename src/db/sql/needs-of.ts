import { type SQL, sql } from 'drizzle-orm/sql';
import { GIVEN_GROUP } from '../../domain/graph.ts';
import { constant } from './constant.ts';

/** The needs of a row of `tasks` under that alias, as JSON in the form of an ExplainedNeed; an empty list for none. */
export function needsOf(alias: string): SQL {
  const task = sql.identifier(alias);
  const prefix = constant(GIVEN_GROUP);
  return sql`(
        select coalesce(
          jsonb_agg(
            jsonb_build_object(
              'kind', edge.kind, 'need', edge.need, 'when', edge.condition,
              'group', case
                when starts_with(edge.need_group, ${prefix}) then substr(edge.need_group, char_length(${prefix}) + 1)
              end,
              'on_failure', edge.on_failure, 'state', edge.state, 'task_id', parent.task_id,
              'status', parent.status, 'holder', parent.claimed_by
            )
            order by edge.kind desc, edge.need
          ),
          '[]'
        )
        from task_needs as edge
        left join tasks as parent on parent.project_id = edge.project_id and parent.task_id = edge.parent
        where edge.project_id = ${task}.project_id
          and edge.task_id = ${task}.task_id
      )`;
}
