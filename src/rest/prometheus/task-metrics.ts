import { type StatusMetrics, WAIT_BUCKETS } from '../../domain/metrics.ts';
import { STATUSES, type Status } from '../../domain/task.ts';
import { type Metric, type Sample, toNumber } from './exposition.ts';

const BUCKETS = WAIT_BUCKETS.map(toNumber);
const NO_WAITS = BUCKETS.map(() => 0);

/** Presents the figures; every project has every status and bucket, even at zero. */
export function taskMetrics(counted: readonly StatusMetrics[]): Metric[] {
  const projects = [...new Set(counted.map(({ project_id }) => project_id))];
  const keyOf = (project: string, status: Status) => `${project} ${status}`;
  const byKey = new Map(counted.map((it) => [keyOf(it.project_id, it.status), it]));
  const of = (project: string, status: Status) => byKey.get(keyOf(project, status));
  const waits = (status: Status) => projects.flatMap((project) => histogram(project, of(project, status)));
  return [
    {
      name: 'task_tracker_tasks',
      type: 'gauge',
      help: 'Tasks of a project in a status.',
      samples: projects.flatMap((project) =>
        STATUSES.map((status) => ({ labels: { project, status }, value: of(project, status)?.tasks ?? 0 })),
      ),
    },
    {
      name: 'task_tracker_oldest_pending_task_age_seconds',
      type: 'gauge',
      help: 'Age of the oldest pending task of a project; 0 without one.',
      samples: projects.map((project) => ({
        labels: { project },
        value: of(project, 'pending')?.oldest_seconds ?? 0,
      })),
    },
    {
      name: 'task_tracker_pending_to_in_progress_seconds',
      type: 'histogram',
      help: 'Time from pending to in_progress, counted from when a task last became pending.',
      samples: waits('in_progress'),
    },
    {
      name: 'task_tracker_pending_to_completed_seconds',
      type: 'histogram',
      help: 'Time from pending to completed, counted from when a task last became pending.',
      samples: waits('completed'),
    },
  ];
}

function histogram(project: string, counted: StatusMetrics | undefined): Sample[] {
  const { waits, wait_seconds } = counted ?? { waits: NO_WAITS, wait_seconds: 0 };
  return [
    ...BUCKETS.map((le, index) => ({
      suffix: '_bucket',
      labels: { project, le },
      value: waits[index] ?? 0,
    })),
    { suffix: '_sum', labels: { project }, value: wait_seconds },
    { suffix: '_count', labels: { project }, value: waits.at(-1) ?? 0 },
  ];
}
