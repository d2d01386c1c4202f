import { expect } from 'vitest';
import type { DatabaseUnderTest } from './database.ts';

/** Counts the groups of every task anew, from the edges and the tasks that they wait for. */
const RECOUNT = `
  with judged as (
    select
      edge.project_id, edge.task_id, edge.need_group, edge.state,
      need_state(
        edge.condition, edge.on_failure, parent.status,
        exists (
          select from artifacts
          where edge.kind = 'artifact' and artifacts.project_id = edge.project_id and artifacts.name = edge.need
        )
      ) as right_state,
      parent.task_id is not null or edge.kind = 'artifact' as is_known
    from task_needs as edge
    left join tasks as parent on parent.project_id = edge.project_id and parent.task_id = edge.parent
    where starts_with(edge.project_id, $1)
  ),
  groups as (
    select project_id, task_id, need_group, bool_or(state = 'met') as met, bool_and(state = 'failed') as stuck
    from judged
    group by project_id, task_id, need_group
  ),
  counts as (
    select
      project_id, task_id,
      count(*) filter (where not met) as unmet,
      count(*) filter (where stuck) as stuck
    from groups
    group by project_id, task_id
  )
  select format('%s of %s: the edges come to %s and %s', to_jsonb(tasks) - 'description', project_id, unmet, counts.stuck) as fault
  from tasks
  left join counts using (project_id, task_id)
  where starts_with(project_id, $1)
    and (
      unmet_needs <> coalesce(unmet, 0)
      or stuck_needs <> coalesce(counts.stuck, 0)
      or status = 'pending' and (ready_at is not distinct from 'infinity') <> (unmet_needs > 0)
    )
  union all
  select format('The edge of %s is %s and should be %s', task_id, state, right_state)
  from judged
  where is_known and state <> right_state
  union all
  select format('%s has the priority %s, and the most urgent that waits for it has %s', task_id, priority, urgency)
  from (
    select tasks.*, (
      select min(child.priority)
      from task_needs as edge
      join tasks as child on child.project_id = edge.project_id and child.task_id = edge.task_id
      join groups
        on groups.project_id = edge.project_id
        and groups.task_id = edge.task_id
        and groups.need_group = edge.need_group
      where edge.project_id = tasks.project_id
        and edge.parent = tasks.task_id
        and edge.state = 'waiting'
        and not groups.met
        and child.status in ('pending', 'in_progress')
    ) as urgency
    from tasks
    where starts_with(project_id, $1)
  ) as blocker
  where status in ('pending', 'in_progress')
    and priority <> least(coalesce(own_priority, priority), urgency)`;

/**
 * Where a counter, an edge or an inherited priority differs from what a recount finds, in the projects with that prefix;
 * in sentences.
 */
export async function graphFaults(database: DatabaseUnderTest, prefix: string): Promise<string[]> {
  const faults = await database.query<{ readonly fault: string }>(RECOUNT, [prefix]);
  return faults.map(({ fault }) => fault);
}

/** Fails where a recount finds anything else. */
export async function expectGraphToAddUp(database: DatabaseUnderTest): Promise<void> {
  expect(await graphFaults(database, '')).toEqual([]);
}
