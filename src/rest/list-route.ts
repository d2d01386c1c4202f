import { leastPriorityText, limitText, mostPriorityText, totalText } from './query-texts.ts';
import { row } from './typed-row.ts';

/** The part of THE table that lists tasks. */
export const LIST_ROUTE = row({
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
});
