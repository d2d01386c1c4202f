/** What the tests use of `cloudflare:test`, for runs outside workerd. */

const pending = new WeakMap<object, Promise<unknown>[]>();

/** A context that remembers what is to outlive the answer. */
export function createExecutionContext(): ExecutionContext {
  const promises: Promise<unknown>[] = [];
  const context = {
    waitUntil: (promise: Promise<unknown>) => void promises.push(promise),
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext;
  pending.set(context, promises);
  return context;
}

/** Resolves once all that outlives the answer has ended; rejects where any of it fails. */
export async function waitOnExecutionContext(context: ExecutionContext): Promise<void> {
  await Promise.all(pending.get(context) ?? []);
}

/** What a cron trigger hands to the Worker. */
export function createScheduledController(): ScheduledController {
  return { cron: '* * * * *', scheduledTime: 0, noRetry: () => undefined } as ScheduledController;
}
