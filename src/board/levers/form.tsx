import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Problem } from '../session/answered.tsx';
import type { Draft } from '../session/drafts.ts';
import { useWork } from './use-work.ts';

interface Props {
  readonly send: string;
  readonly draft: Pick<Draft<unknown>, 'isKept' | 'discard'>;
  readonly onSend: () => Promise<void>;
  readonly onDone: () => void;
  readonly children: ComponentChildren;
}

/** A form that says why it was refused, and keeps what was typed until it is sent or discarded. */
export function Form({ send, draft, onSend, onDone, children }: Props) {
  const { problem, isBusy, busy } = useWork();
  const submit = () =>
    busy(async () => {
      await onSend();
      draft.discard();
      onDone();
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <Problem>{problem}</Problem>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy.value}>
          {isBusy.value ? 'Sending …' : send}
        </button>
        <button type="button" onClick={onDone}>
          Close
        </button>
        <Discard {...draft} done={onDone} />
      </div>
    </form>
  );
}

type DiscardProps = Props['draft'] & { readonly done?: () => void };

/** Throws away what was typed, where something was. */
export function Discard({ isKept, discard, done }: DiscardProps) {
  if (!isKept) return null;
  return (
    <button
      type="button"
      onClick={() => {
        discard();
        done?.();
      }}
    >
      Discard
    </button>
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

type Choices = readonly (readonly [value: string, text: string])[];

export function Options({ options }: { options: Choices }) {
  return (
    <>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: Choices;
  readonly choose: (value: string) => void;
}

/** One out of some. */
export function SelectField({ label, value, options, choose }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <Options options={options} />
      </select>
    </label>
  );
}

/** The texts in a list that is separated by commas. */
export function listIn(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
