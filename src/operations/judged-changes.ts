import { type SQL, sql } from 'drizzle-orm/sql';
import { constant } from '../db/sql/constant.ts';
import type { Bind } from '../db/statement.ts';
import type { SkipReason } from '../domain/changes.ts';
import { LIMITS, type Status } from '../domain/task.ts';

/** Actions that differ in their values only are of one kind. */
export type ChangeKind = 'move' | 'release' | 'edit' | 'delete';

/** What is to be done to each task. */
export type ChangeValues = {
  readonly project: string;
  readonly kind: ChangeKind;
  readonly to: Status | null;
  readonly move_from: readonly Status[];
  readonly reset_from: readonly Status[];
  readonly force: boolean;
  /** As JSON, without those of labels that each task has of its own. */
  readonly changes: string | null;
  readonly add_labels: readonly string[] | null;
  readonly remove_labels: readonly string[] | null;
};

const because = (reason: SkipReason): SQL => constant(reason);

/** Its labels in their order, without some, and with more after them. */
const labelsOf = (value: Bind<ChangeValues>) => sql`(
          select coalesce(jsonb_agg(label order by position), '[]')
          from (
            select label, min(position) as position
            from (
              select label, position
              from jsonb_array_elements_text(timed.labels) with ordinality as had (label, position)
              union all
              select label, ${constant(LIMITS.labels)} + position
              from unnest(${value('add_labels')}::text[]) with ordinality as more (label, position)
            ) as all_labels
            where label <> all(coalesce(${value('remove_labels')}::text[], '{}'))
            group by label
          ) as kept
        )`;

const wanted = (value: Bind<ChangeValues>) => sql`${value('changes')}::jsonb
          || case
            when ${value('add_labels')}::text[] is null and ${value('remove_labels')}::text[] is null then '{}'
            else jsonb_build_object('labels', ${labelsOf(value)})
          end`;

/** Whether a task is as the edit would have it already, as edit_task compares it (drizzle/0012_edit.sql). */
const IS_SAME = sql`not exists (
          select
          from jsonb_each(wanted) as field
          where jsonb_build_object(
            'generator_name', timed.generator_name,
            'priority', coalesce(timed.own_priority, timed.priority),
            'not_before', timed.not_before,
            'max_attempts', timed.max_attempts,
            'labels', timed.labels
          ) -> key <> case key
            when 'not_before' then coalesce(to_jsonb((value #>> '{}')::timestamptz), 'null')
            else value
          end
        )`;

/** An output that a completion would lack. */
const LACKS_OUTPUTS = sql`exists (
          select
          from projects
          cross join lateral jsonb_array_elements_text(timed.expected_outputs) as name
          where projects.project_id = timed.project_id
            and projects.completion = 'checked'
            and not exists (
              select from jsonb_array_elements(timed.artifacts) as artifact where artifact ->> 'name' = name
            )
        )`;

/** Another task makes what this one would make again: a live one, or an older one that is reset as well. */
const HAS_RIVAL = sql`exists (
          select
          from artifact_producers as mine
          join artifact_producers as other using (project_id, name)
          where mine.project_id = timed.project_id
            and mine.task_id = timed.task_id
            and other.task_id <> timed.task_id
            and (
              other.is_live
              or other.task_id in (
                select task_id
                from matched
                where matched.seq < timed.seq
                  and matched.status in ('failed', 'cancelled')
              )
            )
        )`;

/** In the order in which the single verbs refuse. */
const reasonOf = (value: Bind<ChangeValues>) => sql`case ${value('kind')}
          when 'move' then case
            when timed.lease_expires_at > now and not ${value('force')}::boolean then ${because('claimed_by_other')}
            when status <> all(${value('move_from')}::text[] || ${value('reset_from')}::text[])
              then ${because('invalid_transition')}
            when ${value('to')} = 'in_progress' and timed.unmet_needs > 0 and not ${value('force')}::boolean
              then ${because('needs_unmet')}
            when ${value('to')} = 'completed' and not ${value('force')}::boolean and ${LACKS_OUTPUTS}
              then ${because('outputs_missing')}
            when status in ('failed', 'cancelled') and ${HAS_RIVAL} then ${because('artifact_has_producer')}
          end
          when 'release' then case when timed.claim_token is null then ${because('claim_lost')} end
          when 'edit' then case
            when not is_same
              and (
                coalesce((wanted ->> 'max_attempts')::int, timed.max_attempts) < timed.attempt
                or jsonb_array_length(wanted -> 'labels') > ${constant(LIMITS.labels)}
              )
              then ${because('not_editable')}
          end
        end`;

/**
 * The step `judged`: what becomes of each task of `matched`, which is locked: `reason`, where it is skipped; `is_same`, where
 * an edit finds it as it is to be; what the change needs; and whether it `is_due`. Reads the clock after the locks.
 */
export function judgedStep(value: Bind<ChangeValues>): SQL {
  return sql`
    judged as materialized (
      select
        timed.*, wanted, reason, is_same,
        status = any(${value('reset_from')}::text[]) as is_reset,
        reason is null and not is_same as is_due
      from (select matched.*, task_clock() as now from matched) as timed
      cross join lateral (select ${wanted(value)} as wanted) as edit
      cross join lateral (
        select ${value('kind')} = 'edit' and ${IS_SAME} as is_same
      ) as compared
      cross join lateral (select ${reasonOf(value)} as reason) as judgement
    )`;
}
