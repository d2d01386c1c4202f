import type { ChangeTasksInput } from '../../../client/index.ts';
import { place } from '../place/place.ts';
import { COLUMNS } from '../tasks/columns.ts';
import { groupedBy } from '../text/grouped-by.ts';
import { type BulkChange, filterIn } from './bulk-changes.ts';
import { client } from './change.ts';

/** What one request of the service takes by ids; more is not taken back. */
const MOST = 500;
/** A restoration is a request of its own. */
const MOST_RESTORED = 20;

type Undo = () => Promise<void>;

/** Notes what the tasks of a column are before a change; what it returns makes the undo of those that were changed. */
export async function undoOf(
  column: string,
  { change }: BulkChange,
): Promise<(ids: readonly string[]) => Undo | undefined> {
  const { project } = place.value;
  const before = change.action === 'edit' ? await prioritiesIn(column, project) : new Map<string, number>();
  const wasPending = COLUMNS.some(({ id, status }) => id === column && status === 'pending');
  const send = (ids: readonly string[], what: Pick<ChangeTasksInput, 'action' | 'changes'>) =>
    client().changeTasks({ project_id: project, ids: [...ids], ...what });
  const steps = (ids: readonly string[]): (() => Promise<unknown>)[] => {
    if (change.action === 'edit' && ids.every((id) => before.has(id)))
      return [...groupedBy(ids, (id) => before.get(id))].map(
        ([priority = 0, group]) =>
          () =>
            send(group, { action: 'edit', changes: { priority } }),
      );
    if (change.action === 'cancel' && wasPending) return [() => send(ids, { action: 'reset' })];
    if (change.action === 'delete' && ids.length <= MOST_RESTORED)
      return ids.map((task_id) => () => client().restoreTask({ task_id, project }));
    return [];
  };
  return (ids) => {
    const all = ids.length > MOST ? [] : steps(ids);
    if (all.length === 0) return undefined;
    return async () => {
      for (const step of all) await step();
    };
  };
}

/** The priorities of the tasks that a change is to meet; none where they are more than an undo takes. */
async function prioritiesIn(column: string, project: string): Promise<ReadonlyMap<string, number>> {
  const { tasks, next_cursor } = await client().listTasks({
    project,
    ...filterIn(column),
    fields: 'task_id,priority',
    limit: MOST,
  });
  if (next_cursor !== null) return new Map();
  // The service answers the fields that it is asked for.
  const known = tasks as { task_id: string; priority: number }[];
  return new Map(known.map(({ task_id, priority }) => [task_id, priority]));
}
