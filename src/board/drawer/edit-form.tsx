import type { EditTaskInput, Task } from '../../../client/index.ts';
import { editTask } from '../levers/actions.ts';
import { Form, listIn, TextField } from '../levers/form.tsx';
import { draftOf } from '../session/drafts.ts';

/** The fields of a task that are edited here, as texts. */
const TEXTS = {
  description: (task: Task) => task.description,
  context_notes: (task: Task) => task.context_notes ?? '',
  generator_name: (task: Task) => task.generator_name ?? '',
  labels: (task: Task) => task.labels.join(', '),
} as const;

type Name = keyof typeof TEXTS;

const LABELS: Readonly<Record<Name, readonly [string, number | undefined]>> = {
  description: ['Description', 8],
  context_notes: ['Context', 5],
  generator_name: ['Generator', undefined],
  labels: ['Labels, separated by commas', undefined],
};

// The keys of a record that is written out above.
const NAMES = Object.keys(TEXTS) as Name[];

function textsOf(task: Task): Record<Name, string> {
  const { description, context_notes, generator_name, labels } = TEXTS;
  return {
    description: description(task),
    context_notes: context_notes(task),
    generator_name: generator_name(task),
    labels: labels(task),
  };
}

type Edit = Omit<EditTaskInput, 'task_id' | 'project'>;

function editOf(before: Record<Name, string>, after: Record<Name, string>): Edit {
  const changed = NAMES.filter((name) => before[name] !== after[name]);
  const value = (name: Name) => {
    if (name === 'labels') return listIn(after.labels);
    return after[name] === '' && name !== 'description' ? null : after[name];
  };
  return Object.fromEntries(changed.map((name) => [name, value(name)]));
}

/** What was typed, on the task as it is by now: texts that the reader has left alone follow it. */
function rebased(texts: Record<Name, string>, before: Task, task: Task) {
  const old = textsOf(before);
  const current = textsOf(task);
  // The keys are those of TEXTS.
  const followed = Object.fromEntries(
    NAMES.map((name) => [name, texts[name] === old[name] ? current[name] : texts[name]]),
  ) as Record<Name, string>;
  return { before: task, texts: followed };
}

/** The texts of an edit, and the task that the reader saw, whatever it becomes meanwhile. */
export const editDraftOf = (task: Task) =>
  draftOf(`edit ${task.project_id}/${task.task_id}`, { before: task, texts: textsOf(task) });

/** Edits a task; what somebody else changed meanwhile is not overwritten. */
export function EditForm({ task, done }: { task: Task; done: () => void }) {
  const draft = editDraftOf(task);
  const { before, texts } = draft.value;
  const send = async () => {
    const edit = editOf(textsOf(before), texts);
    if (Object.keys(edit).length > 0) await editTask(before, edit);
  };
  return (
    <Form send="Save" draft={draft} onSend={send} onDone={done}>
      {task.revision !== before.revision && (
        <p role="status">
          Somebody has edited the task meanwhile.{' '}
          <button type="button" onClick={() => draft.change(rebased(texts, before, task))}>
            Take over what I have not changed
          </button>
        </p>
      )}
      {NAMES.map((name) => {
        const [label, rows] = LABELS[name];
        return (
          <TextField
            key={name}
            label={label}
            value={texts[name]}
            {...(rows === undefined ? {} : { rows })}
            isRequired={name === 'description'}
            change={(value) => draft.change({ before, texts: { ...texts, [name]: value } })}
          />
        );
      })}
    </Form>
  );
}
