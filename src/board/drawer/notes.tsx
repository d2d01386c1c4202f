import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { NotesAnswer, Task } from '../../../client/index.ts';
import { Discard } from '../levers/form.tsx';
import { Problem } from '../session/answered.tsx';
import { draftOf } from '../session/drafts.ts';
import { may, reasonOf, session } from '../session/session.ts';
import { changes } from '../tasks/lists.ts';
import { now } from '../text/clock.ts';
import { Markdown } from '../text/markdown.tsx';
import { ago } from '../text/words.ts';

const SHOWN = 100;

/** What people and agents wrote about the task, and where to write more. */
export function Notes({ task: { task_id, project_id: project } }: { task: Task }) {
  const notes = useSignal<NotesAnswer['notes']>([]);
  const hasMore = useSignal(false);
  const draft = draftOf(`note ${project}/${task_id}`, '');
  const problem = useSignal('');
  const tried = async (work: () => Promise<void>) => {
    try {
      await work();
      problem.value = '';
    } catch (error) {
      problem.value = reasonOf(error);
    }
  };
  const ask = async () => {
    const page = await session.value?.client.listNotes({ task_id, project, limit: SHOWN });
    notes.value = page?.notes ?? [];
    hasMore.value = page?.next_cursor != null;
  };
  const add = async () => {
    await session.value?.client.addNote({ task_id, project, text: draft.value });
    draft.discard();
    await ask();
  };
  useEffect(() => void tried(ask), [task_id, project, changes.value]);
  return (
    <section>
      <h3>Notes</h3>
      <ul class="notes">
        {notes.value.map((note) => (
          <li key={note.version}>
            <small dir="auto">
              {note.agent_id ?? note.author}, {ago(note.at, now.value)}
            </small>
            <Markdown text={note.text} />
          </li>
        ))}
      </ul>
      {hasMore.value && <p>These are the first {SHOWN}; the API has the others.</p>}
      {may('write') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void tried(add);
          }}
        >
          <textarea
            aria-label="A new note"
            rows={2}
            required
            dir="auto"
            value={draft.value}
            onInput={(event) => draft.change(event.currentTarget.value)}
          />
          <button type="submit">Add the note</button> <Discard {...draft} />
        </form>
      )}
      <Problem>{problem}</Problem>
    </section>
  );
}
