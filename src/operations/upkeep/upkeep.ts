import type { Database } from '../../db/database.ts';
import { REMOVED_PER_STEP, type Retention, STEPS_PER_RUN } from '../../domain/retention.ts';
import { ARCHIVE_TASKS } from './archive-tasks.ts';
import { COUNT_EVENTS } from './count-events.ts';
import { REMOVE_EVENTS } from './remove-events.ts';
import { REMOVE_RECORDS } from './remove-records.ts';

/** What one run of the upkeep has done. */
export interface UpkeepReport {
  readonly events_removed: number;
  readonly tasks_archived: number;
  readonly records_removed: number;
  /** The run ended at its bound: the next one goes on. */
  readonly is_cut: boolean;
}

/**
 * Counts what the log has for `/metrics`, and removes what is older than it is kept, in small steps: each is a statement
 * of its own. Safe at any time, and twice at once. `open` gives a database for one step, which is closed after it.
 * Rejects as `Database.run` does; what the steps before did stays done.
 */
export async function runUpkeep(open: () => Database, retention: Retention): Promise<UpkeepReport> {
  let steps = 0;
  const step = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    steps += 1;
    const database = open();
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  /** Repeats a step until it removes less than it may. */
  const removeAll = async (most: number, work: (database: Database) => Promise<readonly number[]>) => {
    let removed = 0;
    while (steps < STEPS_PER_RUN) {
      const [count = 0] = await step(work);
      removed += count;
      if (count < most) break;
    }
    return removed;
  };
  // First of all: nothing is removed that the metrics have not counted.
  await step((database) => database.run(COUNT_EVENTS, {}));
  const { eventDays: event_days, taskDays: task_days } = retention;
  const records_removed = await removeAll(REMOVED_PER_STEP.records, (database) =>
    database.run(REMOVE_RECORDS, {}),
  );
  const tasks_archived =
    task_days === null
      ? 0
      : await removeAll(REMOVED_PER_STEP.tasks, (database) => database.run(ARCHIVE_TASKS, { task_days }));
  const events_removed =
    event_days === null
      ? 0
      : await removeAll(REMOVED_PER_STEP.events, (database) => database.run(REMOVE_EVENTS, { event_days }));
  return { events_removed, tasks_archived, records_removed, is_cut: steps >= STEPS_PER_RUN };
}
