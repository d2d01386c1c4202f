import type { Database } from '../../db/database.ts';
import { GRAPH_LIMITS } from '../../domain/graph.ts';
import { REMOVED_PER_STEP, type Retention, STEPS_PER_RUN } from '../../domain/retention.ts';
import { ARCHIVE_TASKS } from './archive-tasks.ts';
import { COUNT_EVENTS } from './count-events.ts';
import { GO_ON_CANCELLING } from './go-on-cancelling.ts';
import { REMOVE_DELETED } from './remove-deleted.ts';
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
  /** Deleted ones that could be restored until then. */
  readonly tasks_removed: number;
  /** By cascades that had ended at their bound. */
  readonly tasks_cancelled: number;
  /** The run ended at its bound: the next one goes on. */
  readonly is_cut: boolean;
}

type Work<T> = (database: Database) => Promise<T>;

interface Steps {
  readonly areLeft: () => boolean;
  readonly run: <T>(work: Work<T>) => Promise<T>;
  /** Repeats a step until it changes fewer rows than it may; resolves with all that it changed. */
  readonly repeat: (most: number, work: Work<readonly number[]>) => Promise<number>;
}

/** The steps of one run, each with a database of its own. */
function stepsOf(open: () => Database): Steps {
  let steps = 0;
  const areLeft = () => steps < STEPS_PER_RUN;
  const run = async <T>(work: Work<T>): Promise<T> => {
    steps += 1;
    const database = open();
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  const repeat = async (most: number, work: Work<readonly number[]>) => {
    let rows = 0;
    while (areLeft()) {
      const [count = 0] = await run(work);
      rows += count;
      if (count < most) break;
    }
    return rows;
  };
  return { areLeft, run, repeat };
}

/** Goes on with every cascade that ended at its bound, one after another; each is a step or more. */
async function goOnCancelling({ areLeft, run }: Steps, most: number): Promise<number> {
  let tasks = 0;
  while (areLeft()) {
    const [cancelled = null] = await run((database) => database.run(GO_ON_CANCELLING, { most }));
    if (cancelled === null) break;
    tasks += cancelled;
  }
  return tasks;
}

/** Removes what is older than it is kept. */
async function removeOld({ repeat }: Steps, { eventDays, taskDays, deletedDays }: Retention) {
  const records_removed = await repeat(REMOVED_PER_STEP.records, (database) =>
    database.run(REMOVE_RECORDS, {}),
  );
  const tasks_archived =
    taskDays === null
      ? 0
      : await repeat(REMOVED_PER_STEP.tasks, (database) =>
          database.run(ARCHIVE_TASKS, { task_days: taskDays }),
        );
  const tasks_removed =
    deletedDays === null
      ? 0
      : await repeat(REMOVED_PER_STEP.deleted, (database) =>
          database.run(REMOVE_DELETED, { deleted_days: deletedDays }),
        );
  const events_removed =
    eventDays === null
      ? 0
      : await repeat(REMOVED_PER_STEP.events, (database) =>
          database.run(REMOVE_EVENTS, { event_days: eventDays }),
        );
  return { records_removed, tasks_archived, tasks_removed, events_removed };
}

/**
 * Brings a log from another cluster into this one's order, counts what the log has for `/metrics`, goes on with cascades
 * that ended at their bound, at most `cancelledPerStep` tasks a step, and removes what is older than it is kept. Each
 * step is small, and a statement of its own. Safe at any time, and twice at once. `open` gives a database for one step,
 * which is closed after it. Rejects as `Database.run` does; what the steps before did stays done.
 */
export async function runUpkeep(
  open: () => Database,
  retention: Retention,
  cancelledPerStep: number = GRAPH_LIMITS.cascadeStep,
): Promise<UpkeepReport> {
  const steps = stepsOf(open);
  let isRestored = false;
  const events_renumbered = await steps.repeat(REMOVED_PER_STEP.events, async (database) => {
    const [found] = await database.run(RENUMBER_EVENTS, {});
    isRestored = found?.isRestored === true;
    return [found?.count ?? 0];
  });
  const nothing = {
    events_removed: 0,
    tasks_archived: 0,
    tasks_removed: 0,
    records_removed: 0,
    tasks_cancelled: 0,
  };
  // Nothing else may lean on such a log; the next run goes on.
  if (!steps.areLeft()) return { ...nothing, events_renumbered, is_cut: true };
  if (isRestored) await steps.run((database) => database.run(BEGIN_LOG_ANEW, {}));
  // Before all that removes: nothing goes that the metrics have not counted.
  await steps.run((database) => database.run(COUNT_EVENTS, {}));
  const tasks_cancelled = await goOnCancelling(steps, cancelledPerStep);
  const removed = await removeOld(steps, retention);
  return { events_renumbered, ...removed, tasks_cancelled, is_cut: !steps.areLeft() };
}
