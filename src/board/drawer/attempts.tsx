import type { Attempt, Task } from '../../../client/index.ts';
import { now } from '../text/clock.ts';
import { ago, cost, duration, many } from '../text/words.ts';

interface Props {
  readonly task: Task;
  readonly attempts: readonly Attempt[];
  readonly checkpoint: unknown;
}

/** The attempts as a line of time, the one that is under way first. */
export function Attempts({ task, attempts, checkpoint }: Props) {
  const isUnderWay = task.claimed_by !== null;
  if (!isUnderWay && attempts.length === 0) return null;
  return (
    <section>
      <h3>Attempts</h3>
      <ol class="timeline">
        {isUnderWay && (
          <li class="under-way">
            <strong>Under way</strong> by <span dir="auto">{task.claimed_by}</span>
            <Details progress={task.progress} usage={task.usage} error={null} />
          </li>
        )}
        {attempts.map((attempt) => (
          <li key={attempt.ended_at} class={attempt.outcome}>
            <strong>{attempt.outcome}</strong> by <span dir="auto">{attempt.agent_id}</span>, attempt{' '}
            {attempt.attempt}, {ago(attempt.ended_at, now.value)}
            {attempt.began_at !== null &&
              `, took ${duration(Date.parse(attempt.ended_at) - Date.parse(attempt.began_at))}`}
            <Details progress={attempt.progress} usage={attempt.usage} error={attempt.error} />
          </li>
        ))}
      </ol>
      {checkpoint != null && (
        <details>
          <summary>Checkpoint</summary>
          <pre>{JSON.stringify(checkpoint, null, 2)}</pre>
        </details>
      )}
    </section>
  );
}

type DetailsProps = Pick<Attempt, 'error'> & Pick<Task, 'progress' | 'usage'>;

function Details({ progress, usage, error }: DetailsProps) {
  return (
    <>
      {progress != null && (
        <p dir="auto">
          {progress.percent != null && <progress value={progress.percent} max={100} aria-label="Progress" />}{' '}
          {progress.note}
        </p>
      )}
      {error !== null && (
        <p class="problem" dir="auto">
          {error}
        </p>
      )}
      {usage != null && (
        <p>
          {many(usage.input_tokens ?? 0, 'token')} in, {many(usage.output_tokens ?? 0, 'token')} out
          {usage.cost_micro_usd != null && `, ${cost(usage.cost_micro_usd)}`}
        </p>
      )}
    </>
  );
}
