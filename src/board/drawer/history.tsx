import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Event, Task } from '../../../client/index.ts';
import { reasonOf, session } from '../session/session.ts';
import { changes } from '../tasks/lists.ts';
import { now } from '../text/clock.ts';
import { ago, spoken, written } from '../text/words.ts';

const SHOWN = 50;

/** What happened to the task, the newest first. */
export function History({ task: { task_id, project_id } }: { task: Pick<Task, 'task_id' | 'project_id'> }) {
  const events = useSignal<readonly Event[]>([]);
  const next = useSignal<string | null>(null);
  const problem = useSignal('');
  const ask = async (cursor?: string) => {
    try {
      const page = await session.value?.client.getTaskHistory({
        task_id,
        project: project_id,
        order: 'newest',
        limit: SHOWN,
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (page === undefined) return;
      const known = events.value;
      const last = page.events.at(-1)?.seq ?? 0;
      if (cursor !== undefined) events.value = [...known, ...page.events];
      // Older ones that are shown already stay.
      else events.value = [...page.events, ...known.filter(({ seq }) => seq < last)];
      if (events.value.at(-1)?.seq === last) next.value = page.next_cursor;
    } catch (error) {
      problem.value = reasonOf(error);
    }
  };
  useEffect(() => void ask(), [task_id, project_id, changes.value]);
  return (
    <section>
      <h3>History</h3>
      <p class="problem">{problem}</p>
      <ol class="history">
        {events.value.map((event) => (
          <li key={event.seq}>
            <time dateTime={event.at} title={written(event.at)}>
              {ago(event.at, now.value)}
            </time>{' '}
            <strong>{spoken(event.type)}</strong>
            {event.from_status !== event.to_status &&
              event.to_status !== null &&
              ` → ${spoken(event.to_status)}`}{' '}
            by <span dir="auto">{event.agent_id ?? event.caller}</span>
          </li>
        ))}
      </ol>
      {next.value !== null && (
        <button type="button" onClick={() => void ask(next.value ?? undefined)}>
          Older
        </button>
      )}
    </section>
  );
}
