import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { reasonOf } from '../session/session.ts';

interface Props {
  readonly send: string;
  readonly onSend: () => Promise<void>;
  readonly onDone: () => void;
  readonly children: ComponentChildren;
}

/** A form that says why it was refused, and keeps what was typed then. */
export function Form({ send, onSend, onDone, children }: Props) {
  const problem = useSignal('');
  const isSending = useSignal(false);
  const submit = async () => {
    isSending.value = true;
    problem.value = '';
    try {
      await onSend();
      onDone();
    } catch (error) {
      problem.value = reasonOf(error);
    } finally {
      isSending.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isSending.value}>
          {isSending.value ? 'Sending …' : send}
        </button>
        <button type="button" onClick={onDone}>
          Close
        </button>
      </div>
    </form>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly rows?: number;
  readonly isRequired?: boolean;
  readonly change: (value: string) => void;
}

/** A text of one line, or of as many rows as are given. */
export function TextField({ label, value, rows, isRequired = false, change }: TextProps) {
  const id = useId();
  const shared = { id, value, required: isRequired, dir: 'auto' } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows === undefined ? (
        <input {...shared} onInput={(event) => change(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} rows={rows} onInput={(event) => change(event.currentTarget.value)} />
      )}
    </div>
  );
}

/** The texts in a list that is separated by commas. */
export function listIn(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
