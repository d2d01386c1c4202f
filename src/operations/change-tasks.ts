import { changeTasksInput, changeTasksOutput, walkOf } from '../contract/change-tasks.ts';
import type { Parsed } from '../contract/input.ts';
import { encodeListCursor } from '../contract/list-cursor.ts';
import type { TaskFilter } from '../contract/task-filter.ts';
import { asJson } from '../db/sql/json.ts';
import type { ChangeAction } from '../domain/changes.ts';
import { refusal } from '../domain/errors/index.ts';
import { LIMITS } from '../domain/task.ts';
import { planTransition, type TransitionPlan } from '../domain/transitions.ts';
import { CHANGE_TASKS } from './change-tasks-statement.ts';
import { defineOperation } from './define-operation.ts';
import type { ChangeKind, ChangeValues } from './judged-changes.ts';
import { orderOf } from './list-orders.ts';
import { filterValues } from './task-filter.ts';

type Asked = Parsed<typeof changeTasksInput>;

const KINDS: Readonly<Record<ChangeAction, ChangeKind>> = {
  move: 'move',
  reset: 'move',
  cancel: 'move',
  edit: 'edit',
  release: 'release',
  delete: 'delete',
};

function planOf({ action, status, reset }: Asked): TransitionPlan | undefined {
  if (action === 'reset') return planTransition('pending', true);
  if (action === 'cancel') return planTransition('cancelled', false);
  return status === undefined ? undefined : planTransition(status, reset);
}

function changeValues(asked: Asked): ChangeValues {
  const plan = planOf(asked);
  const { add_labels = null, remove_labels = null, ...changes } = asked.changes ?? {};
  return {
    project: asked.project_id,
    kind: KINDS[asked.action],
    to: plan?.to ?? null,
    move_from: plan?.moveFrom ?? [],
    reset_from: plan?.resetFrom ?? [],
    force: asked.force,
    // JSON leaves out what is undefined.
    changes: asJson(changes),
    add_labels,
    remove_labels,
  };
}

const EVERY_TASK: TaskFilter = { status: null };

/** Which statement a request needs, with what it binds to find the tasks. */
function sourceOf({ project_id, filter = EVERY_TASK, ids, cursor }: Asked) {
  const hasMoments = (filter.created_after ?? filter.created_before) !== undefined;
  const order = hasMoments ? 'moment' : 'created';
  const values = filterValues(project_id, filter, { gathers_statuses: false, counts: false });
  const { key, seq } = cursor ?? orderOf(order).start(values);
  const statement = CHANGE_TASKS[ids === undefined ? order : 'named'];
  return { statement, values: { ...values, after_key: key, after_seq: seq } };
}

/** Changes many tasks. Rejects with `count_conflict`, `words_too_common`, or where the graph does, changing nothing. */
export const changeTasks = defineOperation({
  name: 'change_tasks',
  scope: 'write',
  summary: 'Change many tasks',
  description: `Moves, resets, cancels, edits, releases or deletes up to ${LIMITS.tasksPerChange} tasks at once, by the rules of the single verb; what these do not allow is skipped, and skipped tells why. It goes by the order of creation: while has_more is true, send the same request with cursor. Use dry_run to see what it would do, and expect_count to do it to no other number of tasks.`,
  answer: 'What became of the tasks',
  errors: ['count_conflict', 'words_too_common', 'artifact_has_producer', 'need_cycle'],
  input: changeTasksInput,
  output: changeTasksOutput,
  alsoRequires: ({ action, force }) =>
    force || action === 'release' || action === 'delete' ? ['admin'] : [],
  projects: ({ project_id }) => [project_id],
  statements: Object.values(CHANGE_TASKS),
  examples: [
    { project_id: 'ai-agent-mcp-server', action: 'cancel', filter: { status: 'pending' } },
    { project_id: 'ai-agent-mcp-server', action: 'reset', ids: ['TASK-050', 'TASK-051'] },
    {
      project_id: 'ai-agent-mcp-server',
      action: 'edit',
      filter: { created_after: '2026-01-31T09:00:00Z', id_prefix: 'TASK-0' },
      changes: { priority: 0, add_labels: ['urgent'] },
    },
    { project_id: 'ai-agent-mcp-server', action: 'delete', filter: { status: 'completed,cancelled' } },
  ],
  async run({ run }, asked) {
    const { limit = LIMITS.tasksPerChange, expect_count = null, ids = null } = asked;
    const { statement, values } = sourceOf(asked);
    const [outcome] = await run(statement, {
      ...values,
      ...changeValues(asked),
      ids,
      limit,
      max_rows: limit + 1,
      completion_notes: asked.completion_notes,
      delay_seconds: asked.delay_seconds,
      dry_run: asked.dry_run,
      expect_count,
    });
    if (outcome === undefined) throw new Error('A change of many tasks always has an outcome');
    const { matched, task_ids, skipped, end, knowsNotes } = outcome;
    const has_more = end !== null;
    if (!knowsNotes) throw refusal('words_too_common', { limit: LIMITS.tasksLookedAt });
    if (expect_count !== null && matched !== expect_count)
      throw refusal('count_conflict', { matched, expected: expect_count, has_more });
    return {
      matched,
      changed: task_ids.length,
      task_ids: [...task_ids],
      skipped: skipped.map(({ task_id, reason }) => ({ task_id, reason })),
      has_more,
      cursor: end === null ? null : encodeListCursor({ list: walkOf(asked), key: end.key, seq: end.seq }),
    };
  },
});
