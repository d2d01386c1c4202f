import type { Answer, AnswerBody, Api } from '../support/api.ts';
import { exportOf, importAll } from '../support/transfer.ts';
import { type BulkChange, type BulkIntent, notesSent } from './intent.ts';
import { labelBy } from './task.ts';
import { LONG_PAUSE } from './waits.ts';

/** The body of a change of many tasks; ids and names of projects as `taskId` and `project` give them. */
export function bulkBody(
  { change, target, limit, expect: expect_count, dry: dry_run }: BulkIntent,
  project_id: string,
  taskId: (local: string) => string,
  number: number,
) {
  const whole = { project_id, ...changeBody(change, number), limit, expect_count, dry_run };
  if (target.ids !== undefined) return { ...whole, ids: target.ids.map(taskId) };
  const { status, holder: claimed_by, priority: priority_max } = target;
  return { ...whole, filter: { status, claimed_by, priority_max } };
}

function changeBody(change: BulkChange, number: number) {
  const { action } = change;
  switch (change.action) {
    case 'move': {
      const { to: status, reset, force, notes } = change;
      return { action, status, reset, force, completion_notes: notesSent(notes, number) };
    }
    case 'reset':
      return { action, force: change.force };
    case 'cancel':
      return { action, force: change.force, completion_notes: notesSent(change.notes, number) };
    case 'edit': {
      const { priority, maxAttempts: max_attempts, labels: how } = change;
      const label = [labelBy(number)];
      const labels = { set: { labels: label }, added: { add_labels: label } };
      return { action, changes: { priority, max_attempts, ...(how && labels[how]) } };
    }
    case 'release':
      return { action, delay_seconds: change.delayed ? LONG_PAUSE : undefined };
    case 'delete':
      return { action };
  }
}

/** Takes a project into another, twice, and answers with the tasks that are there then. */
export async function sendTransfer(api: Api, from: string, to: string): Promise<Answer> {
  const lines = await exportOf(api, from);
  await importAll(api, to, lines);
  const again = await importAll(api, to, lines);
  const changed_again = again.reduce(
    (sum, { added, replaced, removed }) => sum + added + replaced + removed,
    0,
  );
  const { status, headers, body } = await api.get(`/tasks?project=${to}`);
  const { success, tasks, next_cursor } = body;
  // What a view is made of.
  return { status, headers, body: { success, tasks, next_cursor, changed_again } as unknown as AnswerBody };
}
