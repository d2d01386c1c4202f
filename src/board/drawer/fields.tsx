import type { ComponentChildren } from 'preact';
import type { Need, Task } from '../../../client/index.ts';
import { now } from '../text/clock.ts';
import { Markdown } from '../text/markdown.tsx';
import { ago, duration, written } from '../text/words.ts';
import { TaskLink } from './task-link.tsx';

interface Props {
  readonly task: Task;
  readonly needs: readonly Need[];
  readonly dependents: readonly string[];
}

const NEED_MARKS: Readonly<Record<Need['state'], string>> = { met: '✓', waiting: '◷', failed: '✗' };

/** All that the task says of itself. */
export function Fields({ task, needs, dependents }: Props) {
  return (
    <>
      <section aria-label="Description">
        <Markdown text={task.description} />
      </section>
      <Texts task={task} />
      <Related needs={needs} dependents={dependents} />
      <Artifacts task={task} />
      <dl class="facts">
        {factsOf(task).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Texts({ task }: { task: Task }) {
  const texts = [
    ['Context', task.context_notes],
    ['Completion', task.completion_notes],
    ['Last error', task.last_error],
  ] as const;
  return (
    <>
      {texts.map(([title, text]) =>
        text === null ? null : (
          <section key={title}>
            <h3>{title}</h3>
            <Markdown text={text} />
          </section>
        ),
      )}
      {task.result != null && (
        <section>
          <h3>Result</h3>
          <pre>{JSON.stringify(task.result, null, 2)}</pre>
        </section>
      )}
    </>
  );
}

function Related({ needs, dependents }: Pick<Props, 'needs' | 'dependents'>) {
  return (
    <>
      {needs.length > 0 && (
        <section>
          <h3>Needs</h3>
          <ul>
            {needs.map((need) => (
              <li key={`${need.kind} ${need.need}`} class={`need ${need.state}`}>
                <span aria-hidden="true">{NEED_MARKS[need.state]}</span> <NeedName need={need} /> {need.state}
              </li>
            ))}
          </ul>
        </section>
      )}
      {dependents.length > 0 && (
        <section>
          <h3>Waiting for it</h3>
          <p>
            {dependents.map((id) => (
              <TaskLink key={id} id={id} />
            ))}
          </p>
        </section>
      )}
    </>
  );
}

function NeedName({ need: { kind, need, task_id } }: { need: Need }) {
  if (kind === 'task') return <TaskLink id={need} />;
  return (
    <>
      {need} {task_id !== null && <TaskLink id={task_id} />}
    </>
  );
}

function Artifacts({ task: { inputs, expected_outputs, artifacts } }: { task: Task }) {
  const made = new Map(artifacts.map((artifact) => [artifact.name, artifact]));
  if (inputs.length + expected_outputs.length + artifacts.length === 0) return null;
  const others = artifacts.filter(({ name }) => !expected_outputs.includes(name));
  return (
    <section>
      <h3>Artifacts</h3>
      <ul>
        {inputs.map((name) => (
          <li key={`in ${name}`}>→ {name}</li>
        ))}
        {expected_outputs.map((name) => (
          <li key={`out ${name}`}>
            ← {name} {made.has(name) ? `✓ ${made.get(name)?.uri}` : '(not made)'}
          </li>
        ))}
        {others.map(({ name, uri }) => (
          <li key={`made ${name}`}>
            ← {name} ✓ {uri}
          </li>
        ))}
      </ul>
    </section>
  );
}

type Fact = readonly [string, ComponentChildren];

function factsOf(task: Task): Fact[] {
  const moments = [
    ['Created', task.created_at],
    ['Updated', task.updated_at],
    ['Completed', task.completed_at],
    ['Due', task.not_before],
    ['Next attempt', task.retry_at],
    ['Lease ends', task.lease_expires_at],
  ] as const;
  const metadata =
    Object.keys(task.metadata).length === 0 ? null : <pre>{JSON.stringify(task.metadata)}</pre>;
  const facts: Fact[] = [
    ['Generator', task.generator_name],
    ['Claimed by', task.claimed_by],
    ['Labels', task.labels.join(', ') || null],
    ['Attempts', `${task.attempt} of ${task.max_attempts}`],
    ['Leases expired', `${task.expiries}${task.max_expiries === null ? '' : ` of ${task.max_expiries}`}`],
    ['Longest attempt', task.max_run_seconds === null ? null : duration(task.max_run_seconds * 1_000)],
    ['Effective priority', task.effective_priority],
    ['Revision', task.revision],
    ['Metadata', metadata],
    ...moments.map(
      ([name, at]): Fact => [name, at === null ? null : `${written(at)} (${ago(at, now.value)})`],
    ),
  ];
  return facts.filter(([, value]) => value !== null);
}
