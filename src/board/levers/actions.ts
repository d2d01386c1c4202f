import { type EditTaskInput, MOVES, type Task } from '../../../client/index.ts';
import { place } from '../place/place.ts';
import { may, reloadProjects, type Scope, session } from '../session/session.ts';
import type { Card } from '../tasks/card.ts';
import { columnOfStatus } from '../tasks/columns.ts';
import { listOf, moveCard } from '../tasks/lists.ts';
import { refreshSoon } from '../tasks/live.ts';
import { spoken } from '../text/words.ts';
import { change, client, tellChange } from './change.ts';
import { prioritiesOf } from './priority.ts';

type Move = (typeof MOVES)[Task['status']][number];

/** Something that a reader can do with a task. */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly isDangerous: boolean;
  readonly run: () => Promise<void>;
}

const VERBS: Readonly<Record<Task['status'], string>> = {
  pending: 'Reset to pending',
  in_progress: 'Start',
  completed: 'Complete',
  failed: 'Mark as failed',
  cancelled: 'Cancel',
};

/** A live claim is only ended by somebody with the scope admin. */
const isHeld = ({ claimed_by, status }: Card) => claimed_by !== null && status === 'in_progress';

function move(card: Card, from: string, to: Move, project: string): Promise<void> {
  const { task_id } = card;
  const force = isHeld(card);
  const ask = () => client().updateTaskStatus({ task_id, project, ...to, ...(force ? { force: true } : {}) });
  const shown = { status: to.status, claimed_by: null };
  const back = MOVES[to.status].find(({ status }) => status === card.status);
  // A reset forgets what the task had come to, so only what was pending is the same again.
  const undo =
    card.status === 'pending' && back !== undefined
      ? () => client().updateTaskStatus({ task_id, project, ...back })
      : undefined;
  return change(
    () => moveCard(card, from, columnOfStatus(to.status), shown),
    ask,
    `${task_id} is ${spoken(to.status)}`,
    undo,
  );
}

/** The moves that the task allows and the credential may make. */
export function movesOf(card: Card, from: string): Action[] {
  const needed: readonly Scope[] = isHeld(card) ? ['write', 'admin'] : ['write'];
  if (!may(...needed)) return [];
  const { project } = place.value;
  return MOVES[card.status].map((to) => ({
    id: `${to.status}${to.reset ? '-reset' : ''}`,
    label: `${labelOf(card, to)}${isHeld(card) ? `, ending the claim of ${card.claimed_by}` : ''}`,
    isDangerous: to.status === 'cancelled' || isHeld(card),
    run: () => move(card, from, to, project),
  }));
}

function labelOf({ status }: Card, to: Move): string {
  return to.reset && status === 'failed' ? 'Retry' : VERBS[to.status];
}

/** Deletes a task, which can be taken back for a while. */
function deletionOf(card: Card, from: string): Action[] {
  if (!may('admin')) return [];
  const { task_id } = card;
  const { project } = place.value;
  const run = () =>
    change(
      () => listOf(from)?.remove(task_id),
      () => client().deleteTask({ task_id, project }),
      `${task_id} is deleted`,
      () => client().restoreTask({ task_id, project }),
    );
  return [{ id: 'delete', label: 'Delete', isDangerous: true, run }];
}

/** All that a reader may do with a card of a column. */
export function actionsOf(card: Card, from: string): Action[] {
  return [...movesOf(card, from), ...prioritiesOf(card, from), ...deletionOf(card, from)];
}

/** Edits a task if it still has that revision; rejects with the service's refusal, so that nothing typed is lost. */
export async function editTask(
  before: Task,
  edit: Omit<EditTaskInput, 'task_id' | 'project'>,
): Promise<void> {
  const { task_id, project_id: project, revision } = before;
  await client().editTask({ task_id, project, expected_revision: revision, ...edit });
  const earlier = Object.fromEntries(
    Object.keys(edit).map((name) => [name, before[name as keyof typeof before]]),
  );
  tellChange(`${task_id} is changed`, () => client().editTask({ task_id, project, ...earlier }));
  refreshSoon();
}

/** Adds one task; rejects with the service's refusal. */
export async function addTask(task: {
  readonly description: string;
  readonly priority: number;
  readonly labels: string[];
}): Promise<void> {
  const { project } = place.value;
  const { task_ids } = await client().addTasks({ project_id: project, tasks: [task] });
  const takeBack = () => Promise.all(task_ids.map((task_id) => client().deleteTask({ task_id, project })));
  tellChange(`${task_ids.join(', ')} is added`, may('admin') ? takeBack : undefined);
  refreshSoon();
}

/** Pauses the project, or lets it go on. */
export async function setPause(reason: string | null): Promise<void> {
  const { project } = place.value;
  await change(
    () => undefined,
    () => client().putProject({ project_id: project, paused: reason === null ? null : { reason } }),
    reason === null ? `${project} goes on` : `${project} is paused`,
    pauseAgain(),
  );
  await reloadProjects();
}

/** What gives the project of the place the pause that it has at the moment, or none, with reason and end. */
export function pauseAgain(): () => Promise<unknown> {
  const { project: project_id } = place.value;
  const before = session.value?.projects.find((known) => known.project_id === project_id)?.paused;
  const paused = before == null ? null : { reason: before.reason, until: before.until };
  return async () => {
    await client().putProject({ project_id, paused });
    await reloadProjects();
  };
}

/** Takes a task from its agent, which finds its claim gone. */
export function endClaim(task_id: string): Promise<void> {
  const { project } = place.value;
  return change(
    () => undefined,
    () => client().updateTaskStatus({ task_id, project, status: 'pending', reset: true, force: true }),
    `${task_id} is pending again`,
  );
}
