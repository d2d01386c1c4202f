import type { Operation } from './define-operation.ts';

/** THE registry of verbs; each loads on first use, so start-up costs the same for any number. */
export const OPERATIONS = {
  next_task: async () => (await import('./next-task.ts')).nextTask,
  list_tasks: async () => (await import('./list-tasks.ts')).listTasks,
  get_task: async () => (await import('./get-task.ts')).getTask,
  add_tasks: async () => (await import('./add-tasks.ts')).addTasks,
  claim_task: async () => (await import('./claim-task.ts')).claimTask,
  move_task: async () => (await import('./move-task.ts')).moveTask,
  heartbeat_claim: async () => (await import('./heartbeat-claim.ts')).heartbeatClaim,
  release_claim: async () => (await import('./release-claim.ts')).releaseClaim,
  edit_task: async () => (await import('./edit-task.ts')).editTask,
  change_tasks: async () => (await import('./change-tasks.ts')).changeTasks,
  add_note: async () => (await import('./add-note.ts')).addNote,
  list_notes: async () => (await import('./list-notes.ts')).listNotes,
  delete_task: async () => (await import('./delete-task.ts')).deleteTask,
  restore_task: async () => (await import('./restore-task.ts')).restoreTask,
  put_need: async () => (await import('./put-need.ts')).putNeed,
  delete_need: async () => (await import('./delete-need.ts')).deleteNeed,
  read_graph: async () => (await import('./read-graph.ts')).readGraph,
  explain_task: async () => (await import('./explain-task.ts')).explainTask,
  provide_artifact: async () => (await import('./provide-artifact.ts')).provideArtifact,
  list_projects: async () => (await import('./list-projects.ts')).listProjects,
  get_project: async () => (await import('./get-project.ts')).getProject,
  put_project: async () => (await import('./put-project.ts')).putProject,
  next_id: async () => (await import('./next-id.ts')).nextId,
  reserve_ids: async () => (await import('./reserve-ids.ts')).reserveIds,
  confirm_reservation: async () => (await import('./confirm-reservation.ts')).confirmReservation,
  delete_expired_reservations: async () =>
    (await import('./delete-expired-reservations.ts')).deleteExpiredReservations,
  export_project: async () => (await import('./export-project.ts')).exportProject,
  import_lines: async () => (await import('./import-lines.ts')).importLines,
  read_history: async () => (await import('./read-history.ts')).readHistory,
  read_events: async () => (await import('./read-events.ts')).readEvents,
  read_statistics: async () => (await import('./read-statistics.ts')).readStatistics,
  read_metrics: async () => (await import('./read-metrics.ts')).readMetrics,
} as const satisfies Readonly<Record<string, () => Promise<Pick<Operation, 'name' | 'scope'>>>>;

export type OperationName = keyof typeof OPERATIONS;

export type OperationNamed<Name extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[Name]>>;

/** Loads an operation for a door that parses every input by the operation's own schema. */
export async function loadOperation(name: OperationName): Promise<Operation> {
  // Such a door hands over only what the operation's own input parses.
  return (await OPERATIONS[name]()) as unknown as Operation;
}
