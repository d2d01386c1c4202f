import type { Database } from '../../db/database.ts';
import { REMOVED_PER_STEP, type Retention, STEPS_PER_RUN } from '../../domain/retention.ts';
import { ARCHIVE_TASKS } from './archive-tasks.ts';
import { COUNT_EVENTS } from './count-events.ts';
import { REMOVE_EVENTS } from './remove-events.ts';
import { REMOVE_RECORDS } from './remove-records.ts';
import { BEGIN_LOG_ANEW, RENUMBER_EVENTS } from './restored-log.ts';

/** What one run of the upkeep has done. */
export interface UpkeepReport {
  /** Those of a log that was restored from another cluster. */
  readonly events_renumbered: number;
  readonly events_removed: number;
  readonly tasks_archived: number;
  readonly records_removed: number;
  /** The run ended at its bound: the next one goes on. */
  readonly is_cut: boolean;
}

/**
 * Brings a log from another cluster into this one's order, counts what the log has for `/metrics`, and removes what is
 * older than it is kept, in small steps: each is a statement of its own. Safe at any time, and twice at once. `open` gives a database for one step, which is closed after it.
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
  /** Repeats a step until it changes fewer rows than it may. */
  const repeat = async (most: number, work: (database: Database) => Promise<readonly number[]>) => {
    let rows = 0;
    while (steps < STEPS_PER_RUN) {
      const [count = 0] = await step(work);
      rows += count;
      if (count < most) break;
    }
    return rows;
  };
  let isRestored = false;
  const events_renumbered = await repeat(REMOVED_PER_STEP.events, async (database) => {
    const [found] = await database.run(RENUMBER_EVENTS, {});
    isRestored = found?.isRestored === true;
    return [found?.count ?? 0];
  });
  const nothing = { events_renumbered, events_removed: 0, tasks_archived: 0, records_removed: 0 };
  // Nothing else may lean on such a log; the next run goes on.
  if (steps >= STEPS_PER_RUN) return { ...nothing, is_cut: true };
  if (isRestored) await step((database) => database.run(BEGIN_LOG_ANEW, {}));
  // Before all that removes: nothing goes that the metrics have not counted.
  await step((database) => database.run(COUNT_EVENTS, {}));
  const { eventDays: event_days, taskDays: task_days } = retention;
  const records_removed = await repeat(REMOVED_PER_STEP.records, (database) =>
    database.run(REMOVE_RECORDS, {}),
  );
  const tasks_archived =
    task_days === null
      ? 0
      : await repeat(REMOVED_PER_STEP.tasks, (database) => database.run(ARCHIVE_TASKS, { task_days }));
  const events_removed =
    event_days === null
      ? 0
      : await repeat(REMOVED_PER_STEP.events, (database) => database.run(REMOVE_EVENTS, { event_days }));
  return { ...nothing, events_removed, tasks_archived, records_removed, is_cut: steps >= STEPS_PER_RUN };
}
