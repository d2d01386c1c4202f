/** A handler whose beginning the test can await and whose end it decides, in the order in which tasks were begun. */
export function heldHandler() {
  const signals: AbortSignal[] = [];
  const held: PromiseWithResolvers<unknown>[] = [];
  const first = Promise.withResolvers<AbortSignal>();
  return {
    signals,
    /** Resolves with the signal of the first task. */
    begun: () => first.promise,
    finish: (result?: unknown) => held.shift()?.resolve(result),
    fail: (error: unknown) => held.shift()?.reject(error),
    handler: (_: unknown, { signal }: { signal: AbortSignal }) => {
      const mine = Promise.withResolvers<unknown>();
      signals.push(signal);
      held.push(mine);
      first.resolve(signal);
      return mine.promise;
    },
  };
}
