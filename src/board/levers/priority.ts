import { tell } from '../notices/notices.ts';
import { place } from '../place/place.ts';
import { may } from '../session/session.ts';
import type { Card } from '../tasks/card.ts';
import { listOf } from '../tasks/lists.ts';
import type { PagedList } from '../tasks/paged-list.ts';
import { PRIORITIES, priorityBetween } from '../tasks/priorities.ts';
import type { Action } from './actions.ts';
import { change, client } from './change.ts';

/** Sets how urgent a task is. */
export function setPriority(card: Card, priority: number, from: string): Promise<void> {
  return prioritize(card, priority, () => listOf(from)?.replace({ ...card, priority }));
}

function prioritize(card: Card, priority: number, show: () => void, remark = ''): Promise<void> {
  const { task_id } = card;
  const { project } = place.value;
  const ask = (value: number) => client().editTask({ task_id, project, priority: value });
  return change(
    show,
    () => ask(priority),
    `${task_id} has priority ${priority}${remark}`,
    () => ask(card.priority),
  );
}

/** Gives a card the priority with which it stands before that row of its column, which is in the order of priority. */
export function putBefore(row: number, card: Card, list: PagedList): void {
  const { task_id } = card;
  // The card itself is no neighbour of its.
  const other = (at: number, step: number) => list.at(list.at(at)?.task_id === task_id ? at + step : at);
  const above = other(row - 1, -1);
  const { priority, isExact } = priorityBetween(card, above, other(row, 1));
  const remark = isExact ? '' : '; equals stand in the order of their creation';
  const show = () => {
    list.remove(task_id);
    list.insert({ ...card, priority }, above?.task_id);
  };
  if (priority === card.priority) tell(`${task_id} keeps priority ${priority}${remark}`);
  else void prioritize(card, priority, show, remark);
}

/** A change to each other priority. */
export function prioritiesOf(card: Card, from: string): Action[] {
  if (!may('write')) return [];
  return PRIORITIES.map((label, priority) => ({
    id: `priority-${priority}`,
    label: `Priority ${label}`,
    isDangerous: false,
    run: () => setPriority(card, priority, from),
  })).filter((_, priority) => priority !== card.priority);
}
