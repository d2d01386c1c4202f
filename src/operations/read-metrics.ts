import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { readMetricsInput, readMetricsOutput } from '../contract/read-metrics.ts';
import { countsOfEvents } from '../db/sql/counts.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRead } from '../db/statement.ts';
import { WAIT_BUCKETS } from '../domain/metrics.ts';
import { defineOperation } from './define-operation.ts';

type Counted = z.output<typeof readMetricsOutput>['counted'][number];

const waits = () =>
  sql.join(
    WAIT_BUCKETS.map((_, index) => sql.raw(`sum(waits[${index + 1}])`)),
    sql`, `,
  );

/**
 * What was counted, and the events since: the snapshot has each event in exactly one of them. Reads one row of `tasks`
 * per project, the oldest pending one.
 */
const READ_METRICS = defineRead<ProjectScope, Counted>({
  name: 'read_metrics',
  build: (value) => {
    const isSeen = (project: SQL) => isAllowed(project, value('allowed_projects'));
    return sql`
    with recursive ${countsOfEvents(
      sql`task_events.xid >= (select counted_before from log_state)`,
      isSeen(sql`event.project_id`),
    )},
    counted as (
      select
        project_id, status, sum(tasks) as tasks, sum(wait_ms) as wait_ms,
        jsonb_build_array(${waits()}) as waits
      from (
        select project_id, status, tasks, waits, wait_ms
        from task_counters
        where ${isSeen(sql`project_id`)}
        union all
        select project_id, status, tasks, waits, wait_ms
        from counts
      ) as parts
      group by project_id, status
    )
    select
      project_id, status, tasks, wait_ms, waits,
      case when status = 'pending' then (
        select greatest(extract(epoch from now() - head.created_at), 0)
        from tasks as head
        where head.project_id = counted.project_id
          and head.status = 'pending'
        order by head.seq
        limit 1
      ) end as oldest
    from counted
    order by project_id, status`;
  },
  // The columns' types and the statement guarantee the casts. Drivers return numeric, as of sum and extract, as text.
  toRow: (row) => ({
    project_id: row['project_id'] as string,
    status: row['status'] as Counted['status'],
    tasks: Number(row['tasks']),
    waits: row['waits'] as number[],
    wait_seconds: Number(row['wait_ms']) / 1_000,
    oldest_seconds: row['oldest'] === null ? null : Number(row['oldest']),
  }),
});

/** The figures of each visible project that has a task. */
export const readMetrics = defineOperation({
  name: 'read_metrics',
  scope: 'admin',
  summary: 'Get figures for Prometheus',
  description:
    'Returns text format 0.0.4. Each project of the credential that has a task has its tasks by status, the age of its oldest pending task, and histograms of the times from pending to in_progress and to completed. It ignores query parameters.',
  answer: 'The figures',
  errors: [],
  input: readMetricsInput,
  output: readMetricsOutput,
  projects: () => [],
  statements: [READ_METRICS],
  examples: [{}],
  async run({ run }) {
    const counted = await run(READ_METRICS, {});
    const inUse = new Set(
      counted.filter((metrics) => metrics.tasks > 0).map((metrics) => metrics.project_id),
    );
    return { counted: counted.filter(({ project_id }) => inUse.has(project_id)) };
  },
});
