import { type Event, TaskTrackerError } from '../../../client/index.ts';
import { change, client } from '../levers/change.ts';
import { type Calls, may } from '../session/session.ts';
import { now } from '../text/clock.ts';
import { ago } from '../text/words.ts';
import { History } from './history.tsx';

/** A task that is no longer there, of which the log still tells. */
export interface GoneTask {
  readonly task_id: string;
  readonly project_id: string;
  readonly last: Event;
}

/** What became of a task that was not found; rejects with that failure where the log does not know the task. */
export async function askGone(
  service: Calls,
  task_id: string,
  project: string,
  error: unknown,
): Promise<GoneTask> {
  if (!(error instanceof TaskTrackerError && error.status === 404)) throw error;
  const { events } = await service.getTaskHistory({ task_id, project, order: 'newest', limit: 1 });
  const [last] = events;
  if (last === undefined) throw error;
  return { task_id, project_id: project, last };
}

/** Says who deleted the task, and restores it. */
export function Gone(task: GoneTask) {
  const { task_id, project_id: project, last } = task;
  const isDeleted = last.type === 'deleted';
  const restore = () =>
    change(
      () => undefined,
      () => client().restoreTask({ task_id, project }),
      `${task_id} is restored`,
      () => client().deleteTask({ task_id, project }),
    );
  return (
    <>
      <p>
        It was {last.type} {ago(last.at, now.value)} by <span dir="auto">{last.agent_id ?? last.caller}</span>
        .{isDeleted && !may('admin') && ' Somebody with the scope admin can restore it for a while.'}
      </p>
      {isDeleted && may('admin') && (
        <button type="button" onClick={() => void restore()}>
          Restore
        </button>
      )}
      <History task={task} />
    </>
  );
}
