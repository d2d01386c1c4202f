import { signal } from '@preact/signals';

const STORED = 'task-tracker-drafts';

/** What is typed and not yet sent, by the name of its form; it stays in the tab like the key, and never has it. */
const drafts = signal<Readonly<Record<string, unknown>>>(JSON.parse(sessionStorage.getItem(STORED) ?? '{}'));

function keep(next: Readonly<Record<string, unknown>>): void {
  drafts.value = next;
  if (Object.keys(next).length === 0) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(next));
}

export interface Draft<T> {
  readonly value: T;
  /** Whether something was typed that is not yet sent. */
  readonly isKept: boolean;
  readonly change: (next: T) => void;
  /** Once it is sent or no longer wanted. */
  readonly discard: () => void;
}

/** What is typed into a form, which outlives the form, a sign-in and a reload. */
export function draftOf<T>(name: string, usual: T): Draft<T> {
  const isKept = name in drafts.value;
  return {
    // Only a form of this name writes it.
    value: isKept ? (drafts.value[name] as T) : usual,
    isKept,
    change: (next) => keep({ ...drafts.peek(), [name]: next }),
    discard: () => {
      const { [name]: _, ...others } = drafts.peek();
      keep(others);
    },
  };
}

/** Forgets all of them: somebody else may use the tab next. */
export function discardDrafts(): void {
  keep({});
}
