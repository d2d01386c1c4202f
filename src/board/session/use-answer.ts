import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Newest } from './newest.ts';
import { type Calls, reasonOf, session } from './session.ts';

/** After a failure the service is asked again. */
const AGAIN_MS = 10_000;

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
  const failures = useSignal(0);
  const newest = useMemo(() => new Newest(), []);
  useEffect(() => {
    newest.forget();
    answer.value = null;
    problem.value = '';
  }, [subject]);
  useEffect(() => {
    const client = session.value?.client;
    if (client === undefined) return;
    const isWanted = newest.ask();
    const show = (change: () => void) => {
      if (isWanted()) change();
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
          setTimeout(() => {
            failures.value += 1;
          }, AGAIN_MS);
        }),
    );
  }, [subject, version, failures.value]);
  return { answer, problem };
}
