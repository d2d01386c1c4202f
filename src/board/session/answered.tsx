import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** Why something failed, empty where nothing did; screen readers hear it. */
export const Problem = ({ children }: { children: ComponentChildren }) => (
  <p class="problem" role="alert">
    {children}
  </p>
);

interface Props<T> {
  readonly answer: Signal<T | null>;
  readonly problem: Signal<string>;
  readonly children: (answer: T) => ComponentChildren;
}

/** What useAnswer gave, or that it is still asked for, and why the last question failed. */
export function Answered<T>({ answer, problem, children }: Props<T>) {
  return (
    <>
      <Problem>{problem}</Problem>
      {answer.value === null ? problem.value === '' && <p>Asking …</p> : children(answer.value)}
    </>
  );
}
