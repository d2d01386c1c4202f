import { place } from '../place/place.ts';
import { draftOf } from '../session/drafts.ts';
import type { Session } from '../session/session.ts';
import { setPause } from './actions.ts';
import { DialogButton } from './dialog.tsx';
import { Form, TextField } from './form.tsx';

/** Stops the project from giving out tasks, with a reason, and lets it go on. */
export function Pause({ session }: { session: Session }) {
  const reason = draftOf(`pause ${place.value.project}`, '');
  const isPaused = session.projects.some(
    ({ project_id, paused }) => project_id === place.value.project && paused !== null,
  );
  return (
    <DialogButton
      label={isPaused ? 'Resume' : 'Pause'}
      title={`Pause ${place.value.project}`}
      isKept={!isPaused && reason.isKept}
      instead={isPaused ? () => void setPause(null) : undefined}
    >
      {(close) => (
        <Form send="Pause" draft={reason} onSend={() => setPause(reason.value)} onDone={close}>
          <p>Agents get no task until somebody resumes the project. Claims that are held go on.</p>
          <TextField label="Why" value={reason.value} isRequired change={reason.change} />
        </Form>
      )}
    </DialogButton>
  );
}
