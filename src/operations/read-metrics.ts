import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { taskCounters, tasks } from '../db/schema/index.ts';
import { type Coverage, isCovered } from '../db/sql/coverage.ts';
import { defineRead } from '../db/statement.ts';
import { boundProjects, type Caller } from '../domain/access.ts';
import { type StatusMetrics, WAIT_BUCKETS } from '../domain/metrics.ts';

const WAITS = sql.join(
  WAIT_BUCKETS.map((_, index) => sql.raw(`sum(waits[${index + 1}])`)),
  sql`, `,
);

/** Adds up the shards of each counter; of `tasks` it reads one row a project, the head of its pending tasks. */
export const READ_METRICS = defineRead<Coverage, StatusMetrics>({
  name: 'read_metrics',
  build: (value) => sql`
    with counted as (
      select
        project_id, status, sum(tasks) as tasks, sum(wait_ms) as wait_ms,
        jsonb_build_array(${WAITS}) as waits
      from ${taskCounters}
      where ${isCovered(sql`project_id`, value('covered'))}
      group by project_id, status
    )
    select
      project_id, status, tasks, wait_ms, waits,
      case when status = 'pending' then (
        select greatest(extract(epoch from now() - head.created_at), 0)
        from ${tasks} as head
        where head.project_id = counted.project_id
          and head.status = 'pending'
        order by head.seq
        limit 1
      ) end as oldest
    from counted
    order by project_id, status`,
  // The columns' types and the statement guarantee the casts; sums and extract are numeric, which comes as text.
  toRow: (row) => ({
    projectId: row['project_id'] as string,
    status: row['status'] as StatusMetrics['status'],
    tasks: Number(row['tasks']),
    waits: row['waits'] as number[],
    waitSeconds: Number(row['wait_ms']) / 1_000,
    oldestSeconds: row['oldest'] === null ? null : Number(row['oldest']),
  }),
});

/** What is counted of the projects that the caller's credential covers and that have a task, in their order. */
export async function readMetrics(database: Database, caller: Caller): Promise<StatusMetrics[]> {
  const counted = await database.run(READ_METRICS, { covered: boundProjects(caller) });
  const inUse = new Set(counted.filter(({ tasks }) => tasks > 0).map(({ projectId }) => projectId));
  return counted.filter(({ projectId }) => inUse.has(projectId));
}
