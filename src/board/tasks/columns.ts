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
  relevance: 'Best match first',
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

/** Moments and priorities have the names of the service. */
const RANGES = [
  'priority_min',
  'priority_max',
  'created_after',
  'created_before',
  'updated_after',
  'updated_before',
] as const satisfies readonly (keyof Place & keyof ListTasksInput)[];

/** What the filters of a place ask of the service. */
export function filterOf(at: Place): Partial<ListTasksInput> {
  const q = at.q.trim();
  const given = {
    [ID_PREFIX.test(q) ? 'id_prefix' : 'q']: q,
    label: at.label,
    generator_name: at.generator,
    claimed_by: at.agent,
    ...Object.fromEntries(RANGES.map((name) => [name, at[name]])),
  };
  const numbered = (name: string, value: string) => (name.startsWith('priority') ? Number(value) : value);
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, numbered(name, value)]),
  );
}

/** The orders that a place offers: only words can be relevant. */
export function sortsOf({ q }: Place): readonly Sort[] {
  const hasWords = q.trim() !== '' && !ID_PREFIX.test(q.trim());
  // The keys of a record that is written out above.
  return (Object.keys(SORTS) as Sort[]).filter((sort) => sort !== 'relevance' || hasWords);
}

/** The order of a column in a place. */
export function sortOf({ status }: Column, at: Place): Sort {
  return sortsOf(at).find((sort) => sort === at.sort) ?? USUAL[status];
}

/** What a column shows in a place. */
export function queryOf(column: Column, at: Place): ListTasksInput {
  return { project: at.project, ...column.query, ...filterOf(at), sort: sortOf(column, at) };
}
