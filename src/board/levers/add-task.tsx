import { place } from '../place/place.ts';
import { draftOf } from '../session/drafts.ts';
import { PRIORITIES } from '../tasks/priorities.ts';
import { addTask } from './actions.ts';
import { DialogButton } from './dialog.tsx';
import { Form, listIn, SelectField, TextField } from './form.tsx';

const USUAL = { description: '', labels: '', priority: '2' };

/** Adds a task to the project, under the next id that the service gives. */
export function AddTask() {
  const draft = draftOf(`add ${place.value.project}`, USUAL);
  const { description, labels, priority } = draft.value;
  const change = (part: Partial<typeof USUAL>) => draft.change({ ...draft.value, ...part });
  const send = () => addTask({ description, priority: Number(priority), labels: listIn(labels) });
  return (
    <DialogButton label="Add a task" title="Add a task" isKept={draft.isKept}>
      {(close) => (
        <Form send="Add" draft={draft} onSend={send} onDone={close}>
          <TextField
            label="What is to be done"
            value={description}
            rows={6}
            isRequired
            change={(value) => change({ description: value })}
          />
          <TextField
            label="Labels, separated by commas"
            value={labels}
            change={(value) => change({ labels: value })}
          />
          <SelectField
            label="Priority"
            value={priority}
            options={PRIORITIES.map((name, index) => [String(index), name])}
            choose={(value) => change({ priority: value })}
          />
        </Form>
      )}
    </DialogButton>
  );
}
