import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { NEED_CONDITIONS, NEED_KINDS, NEED_STATES, ON_FAILURE } from '../../domain/graph.ts';
import { isOneOf } from './literals.ts';

/** THE edges of the graph: what a task needs, a task or an artifact. Whoever changes one has locked its task. */
export const taskNeeds = pgTable(
  'task_needs',
  {
    project_id: text().notNull(),
    task_id: text().notNull(),
    kind: text({ enum: NEED_KINDS }).notNull(),
    /** The id of the task or the name of the artifact. */
    need: text().notNull(),
    condition: text({ enum: NEED_CONDITIONS }).notNull().default('completed'),
    /** All groups of a task have to be met, each by any of its needs. */
    need_group: text().notNull(),
    on_failure: text({ enum: ON_FAILURE }).notNull().default('block'),
    /** The task whose end decides; null where it is gone, or nobody makes the artifact. */
    parent: text(),
    state: text({ enum: NEED_STATES }).notNull().default('waiting'),
  },
  (edge) => [
    primaryKey({ name: 'task_needs_pkey', columns: [edge.project_id, edge.task_id, edge.kind, edge.need] }),
    index('task_needs_by_parent').on(edge.project_id, edge.parent).where(sql`${edge.parent} is not null`),
    index('task_needs_by_artifact').on(edge.project_id, edge.need).where(sql`${edge.kind} = 'artifact'`),
    // For the task that an import brings after what needs it.
    index('task_needs_unconnected')
      .on(edge.project_id, edge.need)
      .where(sql`${edge.kind} = 'task' and ${edge.parent} is null`),
    check('task_needs_kind_known', isOneOf(edge.kind, NEED_KINDS)),
    check('task_needs_condition_known', isOneOf(edge.condition, NEED_CONDITIONS)),
    check('task_needs_on_failure_known', isOneOf(edge.on_failure, ON_FAILURE)),
    check('task_needs_state_known', isOneOf(edge.state, NEED_STATES)),
  ],
);
