import { z } from 'zod';
import { LIMITS } from '../domain/task.ts';
import { EXAMPLE_LIST } from './examples.ts';
import { flag, oneOf, project, wholeNumber } from './fields.ts';
import type { Input } from './input.ts';
import { type ListPosition, listCursor, shortHash } from './list-cursor.ts';
import { nameList } from './name-list.ts';
import { type Task, task } from './task.ts';
import { taskFilterFields, taskFilterRule } from './task-filter.ts';

/** A hyphen turns an order round. */
export const SORTS = [
  'created',
  '-created',
  'updated',
  '-updated',
  'priority',
  '-priority',
  'relevance',
] as const;

export type Sort = (typeof SORTS)[number];

export type TaskField = keyof Task;

/** What a view shows; null stands for everything. */
export const BRIEF_FIELDS: readonly TaskField[] = [
  'task_id',
  'project_id',
  'status',
  'priority',
  'generator_name',
  'description',
  'labels',
  'claimed_by',
  'updated_at',
];

const NAMES = Object.keys(task.shape) as TaskField[];

const fieldList = nameList(
  NAMES,
  `must be fields of a task separated by commas, out of ${NAMES.join(', ')}`,
).meta({
  type: 'string',
  description: 'Only these fields of each task, separated by commas',
  example: 'task_id,status,description',
});

/** What makes a list another one. */
const OF_LIST = ['project', ...Object.keys(taskFilterFields)];

/** Tells a list, by what was asked for, from others. */
export function listOf(fields: Readonly<Record<string, unknown>>): string {
  const { sort = 'created' } = fields;
  return shortHash(JSON.stringify([sort, ...OF_LIST.map((name) => fields[name] ?? null)]));
}

/** A cursor of an earlier version had no filter but one status. */
function fits({ list }: ListPosition, fields: Readonly<Record<string, unknown>>): boolean {
  if (list !== null) return list === listOf(fields);
  const others = OF_LIST.filter((name) => name !== 'project' && name !== 'status');
  const isInOrder = (fields['sort'] ?? 'created') === 'created';
  return isInOrder && others.every((name) => (fields[name] ?? null) === null);
}

const rule: NonNullable<Input['rule']> = (fields, context) => {
  taskFilterRule(fields, context);
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (fields['sort'] === 'relevance' && fields['q'] === undefined)
    refuse('sort', 'must be another one without q: only words can be relevant');
  if ((fields['fields'] ?? null) !== null && fields['view'] !== undefined)
    refuse('view', 'must not be given together with fields');
  // The field's own schema gives this.
  const cursor = (fields['cursor'] ?? null) as ListPosition | null;
  if (cursor !== null && !fits(cursor, fields))
    refuse(
      'cursor',
      'is that of a list with another project, filter or sort: repeat those of the page it came with, or leave it out to start over',
    );
};

export const listTasksInput = {
  fields: {
    project,
    ...taskFilterFields,
    sort: oneOf(SORTS).optional().meta({
      example: '-created',
      description:
        'created: in order of creation; priority: the most urgent first; updated: the one that has not changed for longest first; relevance: where q fits best first. A hyphen turns the order round. Default: created',
    }),
    fields: fieldList,
    view: oneOf(['full', 'brief'])
      .optional()
      .meta({
        example: 'brief',
        description: `brief: only ${BRIEF_FIELDS.join(', ')}, descriptions cut to ${LIMITS.briefCharacters} characters`,
      }),
    total: flag.optional().meta({
      description: `Whether to count all tasks of the list, exactly up to ${LIMITS.tasksLookedAt}`,
    }),
    limit: wholeNumber(1, LIMITS.tasksPerPage).optional(),
    cursor: listCursor,
  },
  rule,
} satisfies Input;

/** A task of which a reader asked for some fields. */
export const partialTask = task.partial();

export const listTasksOutput = z
  .strictObject({
    tasks: z
      .array(z.union([task, partialTask]))
      .meta({ description: 'Whole tasks, unless fields or view asks for a part of them' }),
    count: z.int().meta({ description: 'The number of tasks on this page' }),
    next_cursor: z.string().nullable().meta({
      description:
        'null on the last page. A page of a filtered list may have fewer tasks than limit, or none, and still another one after it',
    }),
    total: z
      .int()
      .optional()
      .meta({ description: 'With total=true: how many tasks the list has on all its pages' }),
    total_is_exact: z
      .boolean()
      .optional()
      .meta({ description: 'With total=true: false where there are at least so many' }),
  })
  .meta({ example: { tasks: EXAMPLE_LIST, count: 2, next_cursor: null } });
