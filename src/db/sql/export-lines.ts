import { type SQL, sql } from 'drizzle-orm/sql';
import { GIVEN_GROUP } from '../../domain/graph.ts';
import { EXPORT_FORMAT, TOLD_EVENTS } from '../../domain/transfer.ts';
import { constant } from './constant.ts';
import { isoMoment } from './moment.ts';

/** A line of an export: JSON whose fields keep their order. */
function line(kind: string, fields: Readonly<Record<string, SQL>>): SQL {
  const pairs = Object.entries({ kind: constant(kind), ...fields }).map(
    ([name, value]) => sql`${constant(name)}, ${value}`,
  );
  return sql`json_build_object(${sql.join(pairs, sql`, `)})`;
}

/** The columns of those names; moments as texts. */
function columnsOf(alias: string, names: readonly string[]): Record<string, SQL> {
  const isMoment = (name: string) => name === 'at' || name.endsWith('_at') || name === 'not_before';
  return Object.fromEntries(
    names.map((name) => {
      const stored = sql`${sql.identifier(alias)}.${sql.identifier(name)}`;
      return [name, isMoment(name) ? isoMoment(stored) : stored];
    }),
  );
}

/** The settings of a row of `projects` that may be missing. */
export function projectLine(project: SQL, eventsAfter: SQL): SQL {
  return line('project', {
    format: sql`${constant(EXPORT_FORMAT)}`,
    project_id: sql`${project}::text`,
    readiness: sql`coalesce(projects.readiness, 'declared')`,
    completion: sql`coalesce(projects.completion, 'free')`,
    paused: sql`case when projects.pause_reason is not null then json_build_object(
      'reason', projects.pause_reason, 'until', ${isoMoment(sql`projects.paused_until`)}
    ) end`,
    task_id_prefix: sql`coalesce(projects.task_id_prefix, 'TASK')`,
    artifact_types: sql`coalesce(projects.artifact_types, '[]')`,
    events_after: eventsAfter,
  });
}

export function idsLine(prefix: SQL, lastNumber: SQL): SQL {
  return line('ids', { prefix, last_number: lastNumber });
}

const EVENT = [
  'task_id',
  'version',
  'at',
  'type',
  'from_status',
  'to_status',
  'caller',
  'agent_id',
  'attempt',
];

/** Null for an event that an export does not tell. */
export function eventLine(alias: string): SQL {
  const told = sql.join(TOLD_EVENTS.map(constant), sql`, `);
  return sql`case when ${sql.identifier(alias)}.type in (${told}) then ${line('event', columnsOf(alias, [...EVENT, 'data']))} end`;
}

const NOTE = ['version', 'at', 'author', 'agent_id', 'text'];

export function noteLine(alias: string, taskId: SQL): SQL {
  return line('note', { task_id: taskId, ...columnsOf(alias, NOTE) });
}

const ATTEMPT = [
  'task_id',
  'agent_id',
  'attempt',
  'began_at',
  'ended_at',
  'outcome',
  'error',
  'progress',
  'usage',
];

export function attemptLine(alias: string): SQL {
  return line('attempt', columnsOf(alias, ATTEMPT));
}

export function artifactLine(alias: string): SQL {
  return line('artifact', columnsOf(alias, ['name', 'provided_at', 'uri', 'sha256', 'bytes']));
}

export function goneLine(alias: string): SQL {
  const event = sql.identifier(alias);
  return line('gone', {
    task_id: sql`${event}.task_id`,
    version: sql`${event}.version`,
    status: sql`${event}.from_status`,
  });
}

const TASK = [
  ...['description', 'generator_name', 'status', 'inputs', 'expected_outputs', 'context_notes', 'created_at'],
  ...['updated_at', 'completed_at', 'pending_at', 'started_at', 'completion_notes', 'priority', 'not_before'],
  ...['max_attempts', 'attempt', 'retry_at', 'last_error', 'expiries', 'max_expiries', 'max_run_seconds'],
  ...['checkpoint', 'result', 'artifacts', 'labels', 'metadata', 'version', 'revision'],
];

const NEEDS = (task: SQL): SQL => sql`(
      select coalesce(
        json_agg(
          json_build_object(
            'task_id', edge.need, 'when', edge.condition,
            'group', case
              when starts_with(edge.need_group, ${constant(GIVEN_GROUP)})
              then substr(edge.need_group, char_length(${constant(GIVEN_GROUP)}) + 1)
            end,
            'on_failure', edge.on_failure,
            'state', case when edge.parent is null then nullif(edge.state, 'waiting') end
          )
          order by edge.need
        ),
        '[]'
      )
      from task_needs as edge
      where edge.project_id = ${task}.project_id
        and edge.task_id = ${task}.task_id
        and edge.kind = 'task'
    )`;

/** A row of `tasks`; one that is claimed is told as if it had been released. */
export function taskLine(alias: string): SQL {
  const task = sql.identifier(alias);
  const isClaimed = sql`${task}.claimed_by is not null`;
  const columns = columnsOf(alias, TASK);
  const unlessClaimed = (name: string, otherwise: SQL) =>
    sql`case when ${isClaimed} then ${otherwise} else ${columns[name]} end`;
  return line('task', {
    task_id: sql`${task}.task_id`,
    ...columns,
    status: unlessClaimed('status', sql`'pending'`),
    pending_at: unlessClaimed('pending_at', isoMoment(sql`${task}.updated_at`)),
    started_at: unlessClaimed('started_at', sql`null`),
    attempt: unlessClaimed('attempt', sql`greatest(${task}.attempt - 1, 0)`),
    priority: sql`coalesce(${task}.own_priority, ${task}.priority)`,
    needs: NEEDS(sql`${task}`),
  });
}
