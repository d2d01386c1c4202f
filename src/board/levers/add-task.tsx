import { useSignal } from '@preact/signals';
import { addTask, PRIORITIES } from './actions.ts';
import { Dialog } from './dialog.tsx';
import { Form, listIn, TextField } from './form.tsx';

const USUAL_PRIORITY = '2';

/** Adds a task to the project, under the next id that the service gives. */
export function AddTask() {
  const isOpen = useSignal(false);
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
  const close = () => {
    isOpen.value = false;
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        Add a task
      </button>
      {isOpen.value && (
        <Dialog title="Add a task" close={close}>
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
            <label class="field">
              <span>Priority</span>
              <select
                value={priority.value}
                onChange={(event) => {
                  priority.value = event.currentTarget.value;
                }}
              >
                {PRIORITIES.map((name, index) => (
                  <option key={name} value={String(index)}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </Form>
        </Dialog>
      )}
    </>
  );
}
