import { leastPriorityText, limitText, mostPriorityText, totalText } from './query-texts.ts';
import type { Row } from './row.ts';
import { row } from './typed-row.ts';

/** The part of THE table that finds tasks, to show or to change them. */
export const LIST_ROUTES: readonly Row[] = [
  row({
    operation: 'list_tasks',
    method: 'get',
    path: '/tasks',
    query: [
      'project',
      'status',
      'state',
      'label',
      'generator_name',
      'claimed_by',
      'priority_min',
      'priority_max',
      'created_after',
      'created_before',
      'updated_after',
      'updated_before',
      'id_prefix',
      'q',
      'sort',
      'fields',
      'view',
      'total',
      'limit',
      'cursor',
    ],
    texts: {
      limit: limitText,
      total: totalText,
      priority_min: leastPriorityText,
      priority_max: mostPriorityText,
    },
    names: { id: 'listTasks', tag: 'tasks', answer: 'ListAnswer' },
  }),
  row({
    operation: 'change_tasks',
    method: 'post',
    path: '/tasks/bulk',
    query: [],
    names: { id: 'changeTasks', tag: 'tasks', answer: 'ChangeAnswer', body: 'ChangeRequest' },
  }),
];
