import type { ChangeAnswer, ChangeTasksInput } from '../../../client/index.ts';
import { place } from '../place/place.ts';
import { COLUMNS, filterOf } from '../tasks/columns.ts';
import { PRIORITIES } from '../tasks/priorities.ts';
import { client } from './change.ts';

type Change = Pick<ChangeTasksInput, 'action' | 'changes' | 'force'>;

export interface BulkChange {
  readonly id: string;
  readonly label: string;
  readonly isAdmins: boolean;
  readonly change: Change;
}

/** What can be done with all that match; each needs the scope that its single verb needs. */
export const CHANGES: readonly BulkChange[] = [
  { id: 'reset', label: 'Reset to pending (retry)', isAdmins: false, change: { action: 'reset' } },
  { id: 'cancel', label: 'Cancel', isAdmins: false, change: { action: 'cancel' } },
  ...PRIORITIES.map((name, priority) => ({
    id: `priority-${priority}`,
    label: `Priority ${name}`,
    isAdmins: false,
    change: { action: 'edit' as const, changes: { priority } },
  })),
  { id: 'release', label: 'End the claims', isAdmins: true, change: { action: 'release' } },
  { id: 'delete', label: 'Delete', isAdmins: true, change: { action: 'delete' } },
];

/** More requests than that are not sent by one click. */
const MOST_REQUESTS = 40;

export interface Outcome {
  matched: number;
  changed: number;
  /** Of those that were changed, as far as the service names them. */
  readonly ids: string[];
  readonly skipped: Map<string, number>;
  isCut: boolean;
}

/** The tasks of a column that the filters of the page leave. */
export function filterIn(column: string) {
  return { ...COLUMNS.find(({ id }) => id === column)?.query, ...filterOf(place.value) };
}

/** Changes all that match, or tells what it would, request by request. */
export async function changeAll(column: string, { change }: BulkChange, dry_run: boolean): Promise<Outcome> {
  const filter = filterIn(column);
  const outcome: Outcome = { matched: 0, changed: 0, ids: [], skipped: new Map(), isCut: false };
  let cursor: string | null = null;
  for (let requests = 0; requests < MOST_REQUESTS; requests += 1) {
    const part: ChangeAnswer = await client().changeTasks({
      project_id: place.value.project,
      ...change,
      filter,
      dry_run,
      ...(cursor === null ? {} : { cursor }),
    });
    outcome.matched += part.matched;
    outcome.changed += part.changed;
    outcome.ids.push(...part.task_ids);
    for (const { reason } of part.skipped)
      outcome.skipped.set(reason, (outcome.skipped.get(reason) ?? 0) + 1);
    cursor = part.cursor;
    if (cursor === null) return outcome;
  }
  outcome.isCut = true;
  return outcome;
}
