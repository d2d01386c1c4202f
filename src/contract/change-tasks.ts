import { z } from 'zod';
import { CHANGE_ACTIONS, type ChangeAction, SKIP_REASONS } from '../domain/changes.ts';
import { LIMITS } from '../domain/task.ts';
import { changes } from './bulk-changes.ts';
import {
  delaySeconds,
  flag,
  notes,
  oneOf,
  projectId,
  status,
  taskId,
  unlessLeftOut,
  wholeNumber,
} from './fields.ts';
import { type Input, schemaOf } from './input.ts';
import { type ListPosition, listCursor, shortHash } from './list-cursor.ts';
import { type TaskFilter, taskFilterFields, taskFilterRule } from './task-filter.ts';
import { mustBe } from './wording.ts';

// schemaOf gives the schema of these very fields.
const filter = schemaOf('field', { fields: taskFilterFields, rule: taskFilterRule }) as z.ZodType<TaskFilter>;

const MOST = LIMITS.tasksPerChange;

/** Counts before it checks any: a body has room for tens of thousands of ids. */
function bounded(ids: unknown, context: z.core.$RefinementCtx): unknown {
  if (!Array.isArray(ids) || ids.length <= MOST) return ids;
  context.addIssue({ code: 'custom', message: `must have at most ${MOST} ids` });
  return z.NEVER;
}

const ids = z
  .array(taskId, { error: mustBe('an array') })
  .refine(({ length }) => length >= 1, { error: 'must have at least one id', abort: true })
  .meta({
    minItems: 1,
    maxItems: MOST,
    description: 'The tasks; what comes twice counts once. Default: those of the filter',
  });

/** What each field goes with; `no` is its value where it is left out. */
const ONLY_WITH: readonly { name: string; no: unknown; actions: readonly ChangeAction[] }[] = [
  { name: 'status', no: undefined, actions: ['move'] },
  { name: 'reset', no: false, actions: ['move'] },
  { name: 'completion_notes', no: null, actions: ['move', 'cancel'] },
  { name: 'force', no: false, actions: ['move', 'reset', 'cancel'] },
  { name: 'changes', no: undefined, actions: ['edit'] },
  { name: 'delay_seconds', no: null, actions: ['release'] },
];

const NEEDED: Readonly<Partial<Record<ChangeAction, string>>> = { move: 'status', edit: 'changes' };

interface Meant {
  readonly project_id: string;
  readonly action: ChangeAction;
  readonly filter?: TaskFilter | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** Tells what a request walks through, and what for, from others. */
export function walkOf({ project_id, action, filter: given, ids: named }: Meant): string {
  const parts: Readonly<Record<string, unknown>> = given ?? {};
  const passed = given && Object.keys(taskFilterFields).map((name) => parts[name] ?? null);
  return shortHash(
    JSON.stringify([project_id, action, passed ?? null, named ? [...new Set(named)].sort() : null]),
  );
}

const rule: NonNullable<Input['rule']> = (fields, context) => {
  const refuse = (name: string, message: string, isMissing = false) =>
    context.addIssue({ code: 'custom', path: [name], message, params: { isMissing } });
  // A rule runs once each field is valid by itself.
  const meant = fields as unknown as Meant;
  if (meant.filter === undefined && meant.ids === undefined)
    refuse('filter', 'must be given, unless ids are; {} means every task of the project');
  if (meant.filter !== undefined && meant.ids !== undefined)
    refuse('ids', 'must not be given together with filter');
  const needed = NEEDED[meant.action];
  if (needed !== undefined && fields[needed] === undefined) refuse(needed, 'is missing', true);
  for (const { name, no, actions } of ONLY_WITH)
    if (fields[name] !== no && !actions.includes(meant.action))
      refuse(name, `goes with the action ${actions.join(' or ')} only; leave it out`);
  const cursor = (fields['cursor'] ?? null) as ListPosition | null;
  if (cursor !== null && cursor.list !== walkOf(meant))
    refuse(
      'cursor',
      'is that of a change with another project, action, filter or ids: repeat those of the answer it came with, or leave it out to start over',
    );
};

export const changeTasksInput = {
  fields: {
    project_id: projectId,
    action: oneOf(CHANGE_ACTIONS).meta({
      example: 'reset',
      description:
        'move: to a status; reset: back to pending; cancel; edit; release: ends the claims on them; delete, so that they can be restored. release and delete need the scope admin',
    }),
    filter: filter.optional().meta({
      description:
        'The tasks, as GET /tasks finds them; {} means every task of the project. Default: those of ids',
    }),
    ids: z.preprocess(bounded, ids.optional()),
    status: status.optional().meta({
      description: 'Where a move leads to; only with the action move, which needs it. Default: none',
    }),
    reset: unlessLeftOut(flag, false, 'Allows the move back to pending. Only with the action move'),
    completion_notes: unlessLeftOut(
      notes.nullable(),
      null,
      'Stored with each task unless empty. Only with the actions move and cancel',
    ),
    force: unlessLeftOut(
      flag,
      false,
      'Moves tasks even if agents have claimed them; needs the scope admin. Only with the actions move, reset and cancel',
    ),
    changes: changes
      .optional()
      .meta({ description: 'Only with the action edit, which needs it. Default: none' }),
    delay_seconds: unlessLeftOut(
      delaySeconds,
      null,
      'How long the released tasks cannot be claimed. Only with the action release',
    ),
    dry_run: unlessLeftOut(flag, false, 'Tells what would be changed, and changes nothing'),
    expect_count: wholeNumber(0, MOST)
      .optional()
      .meta({ description: 'The request is refused unless it matches so many tasks. Default: any number' }),
    limit: wholeNumber(1, MOST)
      .optional()
      .meta({ description: `The most tasks that the request looks at. Default: ${MOST}` }),
    cursor: listCursor.meta({
      type: 'string',
      description:
        'The cursor of the previous answer, with the same project, action, and filter or ids. Default: the start',
    }),
  },
  rule,
} satisfies Input;

export const changeTasksOutput = z
  .strictObject({
    matched: z.int().meta({ description: 'Tasks that the request looked at' }),
    changed: z.int().meta({
      description:
        'Of those, the ones that are otherwise now, or would be; an edit may find a task as it is to be',
    }),
    task_ids: z.array(z.string()).meta({ description: 'The changed ones, the oldest first' }),
    skipped: z
      .array(
        z.strictObject({
          task_id: z.string(),
          reason: z.enum(SKIP_REASONS).meta({
            description: 'The code of the error that the change of this task alone would get',
          }),
        }),
      )
      .meta({ description: 'What was left as it is' }),
    has_more: z
      .boolean()
      .meta({ description: 'More may come after these: send the request again with cursor' }),
    cursor: z.string().nullable().meta({ description: 'Where to go on; null at the end' }),
  })
  .meta({
    example: {
      matched: 3,
      changed: 2,
      task_ids: ['TASK-046', 'TASK-047'],
      skipped: [{ task_id: 'TASK-051', reason: 'claimed_by_other' }],
      has_more: false,
      cursor: null,
    },
  });
