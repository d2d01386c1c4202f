import type { Operation } from './define-operation.ts';

/** THE registry of verbs; each is loaded when it is first asked for, so that a start costs the same for any number. */
export const OPERATIONS = {
  next_task: async () => (await import('./next-task.ts')).nextTask,
  list_tasks: async () => (await import('./list-tasks.ts')).listTasks,
  get_task: async () => (await import('./get-task.ts')).getTask,
  add_tasks: async () => (await import('./add-tasks.ts')).addTasks,
  claim_task: async () => (await import('./claim-task.ts')).claimTask,
  move_task: async () => (await import('./move-task.ts')).moveTask,
  heartbeat_claim: async () => (await import('./heartbeat-claim.ts')).heartbeatClaim,
  release_claim: async () => (await import('./release-claim.ts')).releaseClaim,
  delete_task: async () => (await import('./delete-task.ts')).deleteTask,
  read_metrics: async () => (await import('./read-metrics.ts')).readMetrics,
} as const satisfies Readonly<Record<string, () => Promise<Pick<Operation, 'name' | 'scope'>>>>;

export type OperationName = keyof typeof OPERATIONS;

/** The operation of that name, as its file defines it. */
export type OperationNamed<Name extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[Name]>>;

/** Loads an operation for a door that treats all of them alike: it parses what it is given by the operation's input. */
export async function loadOperation(name: OperationName): Promise<Operation> {
  // Each runs on what its own input parses, which is all that such a door hands over.
  return (await OPERATIONS[name]()) as unknown as Operation;
}
