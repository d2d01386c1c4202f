import { type SQL, sql } from 'drizzle-orm/sql';
import { EVENT_TEXT_CHARACTERS, type EventType, SEALED } from '../../domain/events.ts';
import { constant } from './constant.ts';

/** One kind of change that a write may make. */
export interface Change {
  /** A step whose rows are tasks as the change left them, with what `before` tells. */
  readonly rows: string;
  readonly type: EventType | SQL;
  /** The agent; by default the `holder` that the task had before. */
  readonly agent?: SQL;
  /** The claim that there was goes on. */
  readonly goesOn?: boolean;
  /** Small JSON: no token, and texts by `shortText`. */
  readonly data?: SQL;
  /** Which of the rows stands for the request: at most one. None by default. */
  readonly own?: SQL;
}

/** The name of the credential, and the id of a request without a key of its own; null for one that has a key. */
export type LogValues = { readonly log_caller: string; readonly log_request: string | null };

/** What a change tells of the row before it, for the RETURNING list; `row` has the columns of the table. */
export function before(row: string): SQL {
  const old = sql.identifier(row);
  return sql`${old}.status as from_status, ${old}.claimed_by as holder, ${old}.attempt as was_attempt,
        ${old}.started_at as began_at, ${old}.progress as was_progress, ${old}.usage as was_usage`;
}

/** The same for a row that was not there before. */
export const BEFORE_NOTHING = sql`null::text as from_status, null::text as holder, null::smallint as was_attempt,
        null::timestamptz as began_at, null::jsonb as was_progress, null::jsonb as was_usage`;

/** A text for the data of an event. What is cut ends in an ellipsis. */
export function shortText(text: SQL): SQL {
  const most = constant(EVENT_TEXT_CHARACTERS);
  return sql`case
            when char_length(${text}) > ${most} then left(${text}, ${most} - 1) || '…'
            else ${text}
          end`;
}

// The time that a task waited, where its new status ends a wait; as metrics.ts counts it.
const WAITED = sql`case
        when from_status <> status then extract(
          epoch from case status when 'in_progress' then started_at when 'completed' then completed_at end - pending_at
        ) * 1000
      end`;

const OUTCOME = sql`case type
          when 'moved' then to_status
          when 'retried' then 'failed'
          when 'claimed' then 'expired'
          else type
        end`;

function eventsOf({ rows, type, agent, data, own, goesOn = false }: Change): SQL {
  return sql`
      select
        project_id, task_id, version, updated_at as at,
        ${typeof type === 'string' ? constant(type) : type} as type,
        from_status, status as to_status,
        ${agent ?? sql`holder`} as agent_id,
        attempt, ${WAITED} as waited_ms,
        ${data ?? sql`null::jsonb`} as data,
        ${own ?? sql`false`} as is_own,
        case when ${constant(goesOn)} then null else holder end as ended_agent,
        was_attempt, began_at, was_progress, was_usage, last_error
      from ${sql.identifier(rows)}`;
}

/** The steps that write the events of the changes. Of a request without a key, its own event keeps the place. */
export function loggedSteps(changes: readonly Change[], caller: SQL, request: SQL): SQL {
  const union = sql.join(
    changes.map(eventsOf),
    sql`
      union all`,
  );
  return sql`
    changes as materialized (${union}
    ),
    logged as (
      insert into task_events (
        project_id, task_id, version, at, type, from_status, to_status, caller, agent_id, attempt, waited_ms, data,
        request
      )
      select
        project_id, task_id, version, at, type, from_status, to_status, ${caller}, agent_id, attempt, waited_ms, data,
        case when is_own then ${request}::uuid end
      from changes
    ),
    ended as (
      insert into attempts (
        project_id, task_id, agent_id, attempt, began_at, ended_at, outcome, error, progress, usage
      )
      select
        project_id, task_id, ended_agent, was_attempt, began_at, at, ${OUTCOME},
        case when ${OUTCOME} in ('failed', 'expired') then ${shortText(sql`last_error`)} end,
        was_progress, was_usage
      from changes
      where ended_agent is not null
    )`;
}

/** Keeps the place of a request that was sent before and has no event of its own now; no project sees the row. */
export function sealedStep(caller: SQL, request: SQL): SQL {
  return sql`
    sealed as (
      insert into task_events (project_id, task_id, version, at, type, caller, request)
      select '', '', 0, task_clock(), ${constant(SEALED)}, ${caller}, ${request}::uuid
      where exists (select from outcome)
        and not exists (select from changes where is_own)
    )`;
}
