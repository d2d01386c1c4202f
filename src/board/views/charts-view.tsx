import type { StatisticsAnswer } from '../../../client/index.ts';
import { place } from '../place/place.ts';
import { Answered } from '../session/answered.tsx';
import { useAnswer } from '../session/use-answer.ts';
import { halfMinute } from '../text/clock.ts';
import { cost, duration, many, written } from '../text/words.ts';
import { BarChart } from './bar-chart.tsx';

const DAYS = 14;
const HOUR_MS = 3_600_000;

type Percentiles = StatisticsAnswer['days'][number]['lead_seconds'];

const PERCENTILES = ['p50', 'p95'];
const inMs = (found: Percentiles) => (found === null ? [null, null] : [found.p50 * 1_000, found.p95 * 1_000]);
/** As `duration`, and long ones so that p50 and p95 differ. */
const time = (ms: number) => (ms < HOUR_MS ? duration(ms) : `${Number((ms / HOUR_MS).toFixed(1))} h`);
const dayNamed = (day: string) =>
  new Date(day).toLocaleDateString(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** What came of the work of the last two weeks. */
export function ChartsView() {
  const { project } = place.value;
  const { answer, problem } = useAnswer(
    (client) => client.getStatistics({ project, days: DAYS }),
    project,
    halfMinute.value,
  );
  return (
    <main class="page">
      <h2>The last {DAYS} days (UTC)</h2>
      <Answered answer={answer} problem={problem}>
        {(statistics) => <Charts {...statistics} />}
      </Answered>
    </main>
  );
}

function Charts({ days, failures, failures_left_out, complete_from }: StatisticsAnswer) {
  type Day = (typeof days)[number];
  const byDay = (values: (day: Day) => readonly (number | null)[]) =>
    days.map((day) => [dayNamed(day.day), values(day)] as const);
  const reasons = failures.map(({ reason, count }) => [reason ?? 'none given', [count]] as const);
  return (
    <>
      {Date.parse(complete_from) > Date.parse(days[0]?.day ?? complete_from) && (
        <p>Complete from {written(complete_from)} on</p>
      )}
      <BarChart
        title="Ended tasks by day"
        series={['completed', 'failed']}
        rows={byDay(({ completed, failed }) => [completed, failed])}
        written={String}
      />
      <BarChart
        title="Waiting, from pending to started"
        series={PERCENTILES}
        rows={byDay(({ waiting_seconds }) => inMs(waiting_seconds))}
        written={time}
      />
      <BarChart
        title="From creation to completion"
        series={PERCENTILES}
        rows={byDay(({ lead_seconds }) => inMs(lead_seconds))}
        written={time}
      />
      <BarChart title="Failures by reason" series={['failures']} rows={reasons} written={String} />
      {failures_left_out > 0 && <p>{many(failures_left_out, 'failure')} for other reasons</p>}
      <BarChart
        title="Cost by day"
        series={['cost']}
        rows={byDay(({ cost_micro_usd }) => [cost_micro_usd])}
        written={cost}
      />
    </>
  );
}
