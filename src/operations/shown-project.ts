import { type SQL, sql } from 'drizzle-orm/sql';
import type { Project } from '../contract/project.ts';
import { isoMoment } from '../db/sql/moment.ts';
import type { RawRow } from '../db/statement.ts';

/** Whether a project, a row of `projects` under that alias, is paused at that moment. */
export function isPaused(alias: string, now: SQL): SQL {
  const row = sql.identifier(alias);
  return sql`${row}.pause_reason is not null and coalesce(${row}.paused_until > ${now}, true)`;
}

/** The columns of a Project, of a row of `projects` under that alias. */
export function projectColumns(alias: string, now: SQL): SQL {
  const row = sql.identifier(alias);
  return sql`
      ${row}.project_id, ${row}.readiness, ${row}.completion,
      case when ${isPaused(alias, now)} then
        jsonb_build_object('reason', ${row}.pause_reason, 'until', ${isoMoment(sql`${row}.paused_until`)})
      end as paused,
      ${row}.task_id_prefix, ${row}.artifact_types`;
}

/** Takes the columns of projectColumns out of a row. */
export function toProject(row: RawRow): Project {
  // The columns' types, CHECK constraints and jsonb_build_object guarantee the values.
  const { project_id, readiness, completion, paused, task_id_prefix, artifact_types } = row as Project;
  return { project_id, readiness, completion, paused, task_id_prefix, artifact_types };
}
