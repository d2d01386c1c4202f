import { type Signal, useSignal } from '@preact/signals';
import { reasonOf } from '../session/session.ts';

/** Work that takes a while, one at a time, and why it failed. */
export function useWork(): {
  readonly problem: Signal<string>;
  readonly isBusy: Signal<boolean>;
  readonly busy: (work: () => Promise<void>) => Promise<void>;
} {
  const problem = useSignal('');
  const isBusy = useSignal(false);
  const busy = async (work: () => Promise<void>) => {
    isBusy.value = true;
    problem.value = '';
    try {
      await work();
    } catch (error) {
      problem.value = reasonOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  return { problem, isBusy, busy };
}
