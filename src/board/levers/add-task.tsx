import { useSignal } from '@preact/signals';
import { PRIORITIES } from '../tasks/priorities.ts';
import { addTask } from './actions.ts';
import { DialogButton } from './dialog.tsx';
import { Form, listIn, SelectField, TextField } from './form.tsx';

const USUAL_PRIORITY = '2';

/** Adds a task to the project, under the next id that the service gives. */
export function AddTask() {
  const description = useSignal('');
  const labels = useSignal('');
  const priority = useSignal(USUAL_PRIORITY);
  const send = async () => {
    await addTask({
      description: description.value,
      priority: Number(priority.value),
      labels: listIn(labels.value),
    });
    description.value = '';
  };
  return (
    <DialogButton label="Add a task" title="Add a task">
      {(close) => (
        <Form send="Add" onSend={send} onDone={close}>
          <TextField
            label="What is to be done"
            value={description.value}
            rows={6}
            isRequired
            change={(value) => {
              description.value = value;
            }}
          />
          <TextField
            label="Labels, separated by commas"
            value={labels.value}
            change={(value) => {
              labels.value = value;
            }}
          />
          <SelectField
            label="Priority"
            value={priority.value}
            options={PRIORITIES.map((name, index) => [String(index), name])}
            choose={(value) => {
              priority.value = value;
            }}
          />
        </Form>
      )}
    </DialogButton>
  );
}
