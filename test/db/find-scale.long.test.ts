import { fillPlaceholders } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../src/operations/define-operation.ts';
import { listTasks } from '../../src/operations/list-tasks.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { useBy } from '../support/operations.ts';
import { PATIENT_POLICY } from '../support/patience.ts';

const COUNT = 1_000_000;

/** Pages of 8 KiB that a request may touch: 10,000 tasks and their words, each by an index. */
const MOST_PAGES = 100_000;
/** Where an index gives few, or the list is in the order of one. */
const FEW_PAGES = 2_500;

/** One row in a thousand is still open; every part of the filter has a wide and a narrow case. */
const FILL = `
  insert into tasks (
    task_id, project_id, description, generator_name, version, status, priority, labels, created_at, updated_at,
    completed_at, ready_at, unmet_needs, stuck_needs
  )
  select
    'TASK-' || n, 'big', 'Chapter ' || n % 1000 || case when n % 100000 = 7 then ' zebra' else ' horse' end,
    case when n % 10000 = 3 then 'rare' else 'usual' end, 1,
    case when n <= ${COUNT} - 1000 then 'completed' when n % 10 = 2 then 'failed' else 'pending' end,
    case when n % 50000 = 0 then 0 else 2 end,
    case when n % 20000 = 0 then '["rare"]'::jsonb when n % 2 = 0 then '["usual"]' else '[]' end,
    timestamptz '2026-01-01Z' + n * interval '1 second', timestamptz '2026-01-01Z' + n * interval '1 second',
    case when n <= ${COUNT} - 1000 then now() end,
    case when n > ${COUNT} - 1000 and n % 10 in (3, 4) then 'infinity'::timestamptz
      when n > ${COUNT} - 1000 and n % 10 = 5 then now() + interval '1 day' end,
    case when n > ${COUNT} - 1000 and n % 10 in (3, 4) then 1 else 0 end,
    case when n > ${COUNT} - 1000 and n % 10 = 4 then 1 else 0 end
  from generate_series(1, ${COUNT}) as n`;

const LATE = { created_after: '2026-01-12T13:30:00Z' };
const WIDE = { created_after: '2026-01-02T00:00:00Z' };

const NARROW: readonly object[] = [
  {},
  { status: 'pending,failed' },
  { status: 'completed', sort: '-created' },
  { label: 'rare' },
  { label: 'usual', generator_name: 'rare' },
  { generator_name: 'rare', sort: '-updated' },
  { claimed_by: 'nobody' },
  { id_prefix: 'TASK-99999' },
  { q: 'zebra' },
  { q: 'zebra', sort: 'relevance' },
  { q: 'horse', label: 'rare', sort: 'relevance' },
  { q: 'absent' },
  { state: 'ready', sort: 'priority' },
  { state: 'delayed' },
  { state: 'blocked' },
  { state: 'stuck', total: true },
  { priority_max: 0 },
  { sort: 'priority' },
  { sort: '-priority' },
  { ...WIDE },
  { ...WIDE, sort: '-created' },
  { created_before: '2026-01-10T00:00:00Z', sort: '-created' },
  { priority_min: 1, sort: 'priority' },
  { priority_max: 3, sort: '-priority' },
  { status: 'failed', sort: 'updated' },
];

const WALKED: readonly object[] = [
  { label: 'usual', updated_after: '2026-02-01T00:00:00Z' },
  { label: 'usual' },
  { generator_name: 'usual' },
  { id_prefix: 'TASK-' },
  { q: 'horse' },
  { q: 'hor', sort: 'relevance' },
  { priority_min: 1, sort: '-created' },
  LATE,
  { ...WIDE, updated_after: '2026-02-01T00:00:00Z' },
  { updated_after: '2026-02-01T00:00:00Z' },
  { updated_after: '2026-02-01T00:00:00Z', sort: 'priority' },
  { updated_before: '2026-02-01T00:00:00Z' },
  { label: 'usual', updated_before: '2026-02-01T00:00:00Z' },
  { sort: 'updated' },
  { total: true },
  { label: 'usual', q: 'horse', total: true },
];

let database: DatabaseUnderTest;

describe('a list of 1,000,000 tasks', () => {
  beforeAll(async () => {
    database = await openTestDatabase({ statementTimeout: PATIENT_POLICY.attemptTimeout });
    await database.query(FILL);
    await database.query('vacuum analyze tasks, task_search, task_labels');
  }, 600_000);

  /** How many pages the statement of such a request touches; it is planned for any values, as a prepared one. */
  async function pagesOf(asked: object): Promise<number> {
    // The registry's own operation, seen as any.
    const operation = listTasks as unknown as Operation;
    const { statement, values } = await useBy(operation, { project: 'big', limit: 20, ...asked });
    const bound = fillPlaceholders(statement.query.params, { ...values, allowed_projects: null });
    const [row] = await database.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
      `explain (analyze, buffers, timing off, format json) ${statement.query.sql}`,
      bound,
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan ?? {};
    return (plan['Shared Hit Blocks'] ?? Number.NaN) + (plan['Shared Read Blocks'] ?? Number.NaN);
  }

  it.each(NARROW.map((asked) => ({ told: JSON.stringify(asked), asked })))(
    '$told reads few pages',
    async ({ asked }) => {
      expect(await pagesOf(asked)).toBeLessThan(FEW_PAGES);
    },
  );

  it.each(WALKED.map((asked) => ({ told: JSON.stringify(asked), asked })))(
    '$told reads no more than 10,000 tasks take',
    async ({ asked }) => {
      expect(await pagesOf(asked)).toBeLessThan(MOST_PAGES);
    },
  );
});
