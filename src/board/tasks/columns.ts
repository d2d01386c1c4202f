import type { ListTasksInput, Task } from '../../../client/index.ts';
import type { Place } from '../place/place.ts';

export interface Column {
  readonly id: string;
  readonly title: string;
  /** Tells the column apart without colour. */
  readonly mark: string;
  readonly query: Pick<ListTasksInput, 'status' | 'state'>;
  readonly status: Task['status'];
}

/** The columns of the board, from left to right. Each task is in one of them. */
export const COLUMNS: readonly Column[] = [
  { id: 'ready', title: 'Ready', mark: '○', query: { state: 'ready' }, status: 'pending' },
  { id: 'blocked', title: 'Blocked', mark: '◫', query: { state: 'blocked' }, status: 'pending' },
  { id: 'stuck', title: 'Stuck', mark: '⚠', query: { state: 'stuck' }, status: 'pending' },
  { id: 'delayed', title: 'Delayed', mark: '◷', query: { state: 'delayed' }, status: 'pending' },
  {
    id: 'in_progress',
    title: 'In progress',
    mark: '▶',
    query: { status: 'in_progress' },
    status: 'in_progress',
  },
  { id: 'completed', title: 'Completed', mark: '✓', query: { status: 'completed' }, status: 'completed' },
  { id: 'failed', title: 'Failed', mark: '✗', query: { status: 'failed' }, status: 'failed' },
  { id: 'cancelled', title: 'Cancelled', mark: '⊘', query: { status: 'cancelled' }, status: 'cancelled' },
];

/** Where a task of that status stands, as far as the status alone tells. */
export const columnOfStatus = (status: Task['status']): string => (status === 'pending' ? 'ready' : status);

/** The mark of a column, by its id. */
export function markOf(id: string): string {
  return COLUMNS.find((column) => column.id === id)?.mark ?? '';
}

/** The orders that a reader can choose, by what the service calls them. */
export const SORTS = {
  priority: 'Priority',
  created: 'Oldest first',
  '-created': 'Newest first',
  '-updated': 'Changed last',
} as const;

type Sort = keyof typeof SORTS;

/** Of ended tasks the newest first, which any project can list; of the others in the order in which agents get them. */
const USUAL: Readonly<Record<Task['status'], Sort>> = {
  pending: 'priority',
  in_progress: 'priority',
  completed: '-created',
  failed: '-created',
  cancelled: '-created',
};

/** What looks like the beginning of an id is searched as one. */
const ID_PREFIX = /^[A-Z][A-Z0-9]*(-[A-Z0-9]*)+$/;

/** What the filters of a place ask of the service. */
export function filterOf({ q, label, generator, agent, priority }: Place): Partial<ListTasksInput> {
  const urgency = priority === '' ? undefined : Number(priority);
  return {
    ...(q.trim() === '' ? {} : { [ID_PREFIX.test(q.trim()) ? 'id_prefix' : 'q']: q.trim() }),
    ...(label === '' ? {} : { label }),
    ...(generator === '' ? {} : { generator_name: generator }),
    ...(agent === '' ? {} : { claimed_by: agent }),
    ...(urgency === undefined ? {} : { priority_min: urgency, priority_max: urgency }),
  };
}

/** The order of a column in a place. */
export function sortOf({ status }: Column, { sort }: Place): Sort {
  // Any other text is none of the keys.
  return sort in SORTS ? (sort as Sort) : USUAL[status];
}

/** What a column shows in a place. */
export function queryOf(column: Column, at: Place): ListTasksInput {
  return { project: at.project, ...column.query, ...filterOf(at), sort: sortOf(column, at) };
}
