import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type StatusMetrics, WAIT_BOUNDS } from '../../src/domain/metrics.ts';
import { BLOBS, DOUBLES } from '../../src/http/data-points.ts';
import { toExposition } from '../../src/rest/prometheus/exposition.ts';
import { taskMetrics } from '../../src/rest/prometheus/task-metrics.ts';

const none: StatusMetrics = {
  project_id: 'p',
  status: 'pending',
  tasks: 0,
  waits: Array(WAIT_BOUNDS.length + 1).fill(0),
  wait_seconds: 0,
  oldest_seconds: null,
};

describe('the text format', () => {
  it('a metric has a description, a type and a line for each sample', () => {
    const samples = [
      { labels: { project: 'p', status: 'pending' }, value: 3 },
      { suffix: '_sum', labels: { project: 'p' }, value: 1.25 },
    ];
    expect(toExposition([{ name: 'm', type: 'gauge', help: 'What it is.', samples }])).toBe(
      '# HELP m What it is.\n# TYPE m gauge\nm{project="p",status="pending"} 3\nm_sum{project="p"} 1.25\n',
    );
  });

  it('what would end a label or a line is escaped', () => {
    const samples = [{ labels: { text: 'a "b" \\ c\nd' }, value: 0 }];
    expect(toExposition([{ name: 'm', type: 'gauge', help: 'A "b" \\ c\nd', samples }])).toBe(
      '# HELP m A "b" \\\\ c\\nd\n# TYPE m gauge\nm{text="a \\"b\\" \\\\ c\\nd"} 0\n',
    );
  });

  it.each([
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
    [1e21, '1e+21'],
    [-0.5, '-0.5'],
  ])('the value %d is written as %s', (value, text) => {
    const metric = { name: 'm', type: 'gauge', help: '', samples: [{ labels: {}, value }] } as const;
    expect(toExposition([metric])).toContain(`m ${text}\n`);
  });
});

describe('the metrics of tasks', () => {
  const linesOf = (...counted: StatusMetrics[]) => toExposition(taskMetrics(counted)).split('\n');

  it('every status has a sample, at zero where nothing is counted', () => {
    const lines = linesOf({ ...none, status: 'in_progress', tasks: 2 });
    expect(lines.filter((line) => line.startsWith('task_tracker_tasks{'))).toEqual([
      'task_tracker_tasks{project="p",status="pending"} 0',
      'task_tracker_tasks{project="p",status="in_progress"} 2',
      'task_tracker_tasks{project="p",status="completed"} 0',
      'task_tracker_tasks{project="p",status="failed"} 0',
      'task_tracker_tasks{project="p",status="cancelled"} 0',
    ]);
    expect(lines).toContain('task_tracker_oldest_pending_task_age_seconds{project="p"} 0');
  });

  it('the metrics tell the age of the oldest pending task of each project', () => {
    const lines = linesOf(
      { ...none, tasks: 1, oldest_seconds: 12.5 },
      { ...none, project_id: 'q', tasks: 1, oldest_seconds: 7 },
    );
    expect(lines.filter((line) => line.startsWith('task_tracker_oldest'))).toEqual([
      'task_tracker_oldest_pending_task_age_seconds{project="p"} 12.5',
      'task_tracker_oldest_pending_task_age_seconds{project="q"} 7',
    ]);
  });

  it('the last bucket of a histogram is its count', () => {
    const waits = none.waits.map((_, index) => index);
    const lines = linesOf({ ...none, status: 'completed', waits, wait_seconds: 42.5 });
    const own = lines.filter((line) => line.startsWith('task_tracker_pending_to_completed_seconds_'));
    expect(own).toHaveLength(waits.length + 2);
    expect(own.slice(0, 2)).toEqual([
      'task_tracker_pending_to_completed_seconds_bucket{project="p",le="1"} 0',
      'task_tracker_pending_to_completed_seconds_bucket{project="p",le="5"} 1',
    ]);
    expect(own.slice(-3)).toEqual([
      'task_tracker_pending_to_completed_seconds_bucket{project="p",le="+Inf"} 10',
      'task_tracker_pending_to_completed_seconds_sum{project="p"} 42.5',
      'task_tracker_pending_to_completed_seconds_count{project="p"} 10',
    ]);
  });

  it('the metrics are described but have no sample where no project has a task', () => {
    const lines = linesOf().filter((line) => line !== '');
    expect(lines).toHaveLength(8);
    expect(lines.every((line) => line.startsWith('# '))).toBe(true);
  });
});

describe('the data points of requests', () => {
  const text = readFileSync('docs/operations.md', 'utf8');

  it.each([
    ['blob', BLOBS],
    ['double', DOUBLES],
  ])('docs/operations.md says what each %s holds', (column, names) => {
    const rows = text.split('\n').filter((line) => line.startsWith('|') && line.includes(`\`${column}`));
    expect(rows).toHaveLength(names.length);
    for (const [index, name] of names.entries()) {
      expect(rows[index]).toContain(`\`${column}${index + 1}\` | \`${name}\``);
    }
  });
});
