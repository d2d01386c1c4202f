import type { Client, ListAnswer, Task } from '../../../client/index.ts';
import { place } from '../place/place.ts';
import { useAnswer } from '../session/use-answer.ts';
import { now } from '../text/clock.ts';
import { groupedBy } from '../text/grouped-by.ts';
import { cut, duration } from '../text/words.ts';
import { BarChart } from './bar-chart.tsx';

const DAYS = 14;
const DAY_MS = 86_400_000;
/** Of a large project the charts are made of the newest tasks only. */
const MOST_PAGES = 5;
const PAGE = 1_000;
const REASONS = 8;

type Ended = Pick<Task, 'task_id' | 'created_at' | 'completed_at' | 'updated_at' | 'last_error'>;

const FIELDS = 'task_id,created_at,completed_at,updated_at,last_error';

interface Found {
  readonly completed: readonly Ended[];
  readonly failed: readonly Ended[];
  readonly isCut: boolean;
}

async function endedSince(
  client: Client,
  project: string,
  status: string,
  since: string,
): Promise<{ tasks: Ended[]; isCut: boolean }> {
  const tasks: Ended[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < MOST_PAGES; pages += 1) {
    const page: ListAnswer = await client.listTasks({
      project,
      status,
      updated_after: since,
      sort: '-created',
      fields: FIELDS,
      limit: PAGE,
      ...(cursor === '' ? {} : { cursor }),
    });
    // The service answers the fields that it is asked for.
    tasks.push(...(page.tasks as Ended[]));
    cursor = page.next_cursor;
  }
  return { tasks, isCut: cursor !== null };
}

async function askEnded(client: Client, project: string): Promise<Found> {
  const since = new Date(now.peek() - DAYS * DAY_MS).toISOString();
  const [completed, failed] = await Promise.all([
    endedSince(client, project, 'completed', since),
    endedSince(client, project, 'failed', since),
  ]);
  return { completed: completed.tasks, failed: failed.tasks, isCut: completed.isCut || failed.isCut };
}

/** What came of the work of the last two weeks. */
export function ChartsView() {
  const { project } = place.value;
  const { answer, problem } = useAnswer((client) => askEnded(client, project), project);
  return (
    <main class="page">
      <h2>The last {DAYS} days</h2>
      <p class="problem" role="alert">
        {problem}
      </p>
      {answer.value === null ? problem.value === '' && <p>Asking …</p> : <Charts {...answer.value} />}
    </main>
  );
}

function Charts({ completed, failed, isCut }: Found) {
  const lead = completed
    .filter(({ completed_at }) => completed_at !== null)
    .map(({ created_at, completed_at }) => Date.parse(completed_at ?? '') - Date.parse(created_at))
    .sort((one, other) => one - other);
  return (
    <>
      {isCut && <p>Made of the newest tasks only; older ones are left out.</p>}
      <BarChart
        title="Completed by day"
        bars={byDay(completed.map((task) => task.completed_at ?? task.updated_at))}
        written={String}
      />
      <BarChart title="Failed by day" bars={byDay(failed.map((task) => task.updated_at))} written={String} />
      <BarChart
        title="From creation to completion"
        bars={[
          ['half within (p50)', quantile(lead, 0.5)],
          ['95 of 100 within (p95)', quantile(lead, 0.95)],
        ]}
        written={duration}
      />
      <BarChart title="Failed tasks by their last error" bars={byReason(failed)} written={String} />
    </>
  );
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function byDay(moments: readonly string[]): [string, number][] {
  const dayOf = (time: number) =>
    new Date(time).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  const counts = new Map(
    Array.from({ length: DAYS }, (_, back) => [dayOf(now.value - (DAYS - 1 - back) * DAY_MS), 0]),
  );
  for (const moment of moments) {
    const day = dayOf(Date.parse(moment));
    if (counts.has(day)) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts];
}

/** Errors differ in their numbers more than in their reasons. */
function byReason(failed: readonly Ended[]): [string, number][] {
  const reasons = groupedBy(failed, ({ last_error }) =>
    cut((last_error ?? 'none given').replaceAll(/\d+/g, '…'), 60),
  );
  return [...reasons]
    .map(([reason, tasks]): [string, number] => [reason, tasks.length])
    .sort((one, other) => other[1] - one[1])
    .slice(0, REASONS);
}
