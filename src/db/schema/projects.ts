import { bigint, check, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { COMPLETION, READINESS } from '../../domain/graph.ts';
import { DEFAULT_TASK_ID_PREFIX } from '../../domain/ids.ts';
import { isOneOf } from './literals.ts';
import { moment } from './moment-column.ts';

/** The settings of a project; the first batch makes the row, and every change of the graph takes its turn by it. */
export const projects = pgTable(
  'projects',
  {
    project_id: text().primaryKey(),
    readiness: text({ enum: READINESS }).notNull().default('declared'),
    completion: text({ enum: COMPLETION }).notNull().default('free'),
    /** Null unless the project is paused. */
    pause_reason: text(),
    /** Null where the pause has no end. */
    paused_until: moment(),
    task_id_prefix: text().notNull().default(DEFAULT_TASK_ID_PREFIX),
    /** The types of ids that the project has besides the standard ones. */
    artifact_types: jsonb().$type<string[]>().notNull().default([]),
    /** How often its graph was changed. */
    turns: bigint({ mode: 'number' }).notNull().default(0),
  },
  (project) => [
    check('projects_readiness_known', isOneOf(project.readiness, READINESS)),
    check('projects_completion_known', isOneOf(project.completion, COMPLETION)),
  ],
);
