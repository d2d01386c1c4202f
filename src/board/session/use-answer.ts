import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Calls } from '../../../client/index.ts';
import { reasonOf, session } from './session.ts';

/**
 * What the service answered last about the subject, null before; asked again where `version` is another. Answers may
 * come in any order: one that a newer one has overtaken is dropped, and so is one about another subject.
 */
export function useAnswer<T>(
  ask: (client: Calls) => Promise<T>,
  subject: string,
  version: unknown = 0,
): { readonly answer: Signal<T | null>; readonly problem: Signal<string> } {
  const answer = useSignal<T | null>(null);
  const problem = useSignal('');
  // Numbers of questions: of the last one that was asked, and of the last one whose answer is shown.
  const { current: last } = useRef({ asked: 0, shown: 0 });
  useEffect(() => {
    last.shown = last.asked;
    answer.value = null;
    problem.value = '';
  }, [subject]);
  useEffect(() => {
    const client = session.value?.client;
    if (client === undefined) return;
    last.asked += 1;
    const question = last.asked;
    const show = (change: () => void) => {
      if (question <= last.shown) return;
      last.shown = question;
      change();
    };
    ask(client).then(
      (found) =>
        show(() => {
          answer.value = found;
          problem.value = '';
        }),
      (error: unknown) =>
        show(() => {
          problem.value = reasonOf(error);
        }),
    );
  }, [subject, version]);
  return { answer, problem };
}
