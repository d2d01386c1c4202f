import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Client } from '../../../client/index.ts';
import { reasonOf, session } from './session.ts';

/** What the service answered last, null before; asked again where one of the inputs is another. */
export function useAnswer<T>(
  ask: (client: Client) => Promise<T>,
  inputs: readonly unknown[],
): { readonly answer: Signal<T | null>; readonly problem: Signal<string> } {
  const answer = useSignal<T | null>(null);
  const problem = useSignal('');
  useEffect(() => {
    const client = session.value?.client;
    if (client === undefined) return;
    ask(client).then(
      (found) => {
        answer.value = found;
        problem.value = '';
      },
      (error: unknown) => {
        problem.value = reasonOf(error);
      },
    );
  }, inputs);
  return { answer, problem };
}
