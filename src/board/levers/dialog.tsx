import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useWayBack } from '../views/landing.ts';

interface Props {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that keeps the keyboard to itself until it is closed, by Escape as well. */
function Dialog({ title, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const goBack = useWayBack();
  useEffect(() => {
    dialog.current?.showModal();
    return goBack;
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={close}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly title: string;
  /** Whether something was typed in it that is not sent. */
  readonly isKept?: boolean;
  /** Done instead of opening it. */
  readonly instead?: (() => void) | undefined;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens a dialog. */
export function DialogButton({ label, title, isKept, instead, children }: ButtonProps) {
  const isOpen = useSignal(false);
  const close = () => {
    isOpen.value = false;
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          if (instead === undefined) isOpen.value = true;
          else instead();
        }}
      >
        {label}
        {isKept && ' (not sent)'}
      </button>
      {isOpen.value && (
        <Dialog title={title} close={close}>
          {children(close)}
        </Dialog>
      )}
    </>
  );
}
