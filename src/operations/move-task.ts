import { sql } from 'drizzle-orm/sql';
import { moveTaskInput, moveTaskOutput } from '../contract/move-task.ts';
import { constant } from '../db/sql/constant.ts';
import { asJson } from '../db/sql/json.ts';
import { before, shortText } from '../db/sql/log.ts';
import { moveChange } from '../db/sql/move-change.ts';
import type { Bind } from '../db/statement.ts';
import { BACKOFF } from '../domain/claims.ts';
import type { UnmetNeed } from '../domain/errors/graph.ts';
import { refusal } from '../domain/errors/index.ts';
import { EVENT_OF } from '../domain/events.ts';
import type { Status } from '../domain/task.ts';
import { planTransition, resultOf } from '../domain/transitions.ts';
import {
  CLAIM_ERRORS,
  claimRefusal,
  defineAddressedWrite,
  runAddressedWrite,
  statementsOf,
} from './addressed-write.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type MoveValues = {
  readonly to: Status;
  readonly move_from: readonly Status[];
  readonly reset_from: readonly Status[];
  readonly completion_notes: string | null;
  readonly claim_token: string | null;
  readonly force: boolean;
  readonly error: string | null;
  readonly delay_seconds: number | null;
  /** As JSON. */
  readonly result: string | null;
  readonly artifacts: string | null;
  readonly usage: string | null;
};

/** In seconds. The pause reaches its maximum well below the bound of the exponent. */
const pause =
  () => sql`least(${constant(BACKOFF.maxSeconds)}, ${constant(BACKOFF.firstSeconds)} * 2 ^ least(attempt, 16))
              * (1 - ${constant(BACKOFF.jitter)} * random())`;

/** What the caller says that the task has come to. */
const given = (value: Bind<MoveValues>) => ({
  notes: value('completion_notes'),
  result: value('result'),
  artifacts: value('artifacts'),
  error: sql`case when ${value('to')} = 'failed' then ${value('error')} end`,
});

/** What the graph and the settings of the project have against a move. */
interface Obstacle {
  readonly missing: readonly string[] | null;
  readonly unmet: readonly UnmetNeed[] | null;
}

/** A few names tell enough; explain_task tells all. */
const NEEDS_TOLD = 10;

const UNMET_NEEDS = sql`case
        when target.unmet_needs > 0 then (
          select jsonb_agg(jsonb_build_object('kind', kind, 'need', need, 'state', state))
          from (
            select kind, need, state
            from task_needs
            where task_needs.project_id = target.project_id
              and task_needs.task_id = target.task_id
              and state <> 'met'
            order by state, need
            limit ${constant(NEEDS_TOLD)}
          ) as first
        )
      end`;

// Compare and set. A live claim demands its token, and no token serves another claim. A failed attempt under a claim
// returns to pending while attempts are left. `repeated` changes nothing: its answer was lost.
const MOVE_TASK = defineAddressedWrite<MoveValues, Task>({
  name: 'move_task',
  obstacle: sql`jsonb_build_object('missing', (select missing from gate), 'unmet', ${UNMET_NEEDS})`,
  steps: (value) => sql`
    gate as materialized (
      select jsonb_agg(name order by position) as missing
      from target
      join projects using (project_id)
      cross join lateral jsonb_array_elements_text(target.expected_outputs) with ordinality as output (name, position)
      where ${value('to')} = 'completed'
        and projects.completion = 'checked'
        and not ${value('force')}::boolean
        and not exists (
          select
          from jsonb_array_elements(coalesce(${value('artifacts')}::jsonb, target.artifacts)) as artifact
          where artifact ->> 'name' = name
        )
    ),
    permitted as (
      select
        target.*,
        target.status = any(${value('reset_from')}::text[]) as is_reset,
        ${value('to')} = 'failed' and target.holds and target.attempt < target.max_attempts as is_retried
      from target
      where target.status = any(${value('move_from')}::text[] || ${value('reset_from')}::text[])
        and (
          ${value('force')}::boolean
          or case when ${value('claim_token')}::text is null then not target.live else target.holds end
        )
        and (${value('force')}::boolean or ${value('to')} <> 'in_progress' or target.unmet_needs = 0)
        and (select missing is null from gate)
    ),
    judged as materialized (
      select
        task_id, project_id, status, attempt, claimed_by, started_at, now, holds, is_reset, is_retried, progress,
        coalesce(${value('usage')}::jsonb, usage) as usage,
        case when is_retried then ${constant(resultOf('retry'))} else ${value('to')} end as becomes,
        case
          when is_retried then now + make_interval(
            secs => coalesce(${value('delay_seconds')}::float8, ${pause()})
          )
        end as next_retry_at
      from permitted
    ),
    moved as (
      update tasks
      set ${moveChange({
        ...given(value),
        becomes: sql`judged.becomes`,
        now: sql`judged.now`,
        retryAt: sql`judged.next_retry_at`,
        isReset: sql`is_reset`,
        isHolders: sql`judged.holds`,
      })}
      from judged
      where tasks.task_id = judged.task_id
        and tasks.project_id = judged.project_id
      returning
        tasks.*, ${before('judged')}, judged.is_reset, judged.is_retried
    ),
    repeated as (
      select locked.*
      from locked
      where locked.status = ${value('to')}
        and locked.claim_token is null
        and locked.moved_by_holder
        and locked.last_claim_token = ${value('claim_token')}
    ),
    done as (
      select moved.* from moved
      union all
      select repeated.*, null, null, null, null, null, null, false, false from repeated
    )`,
  changes: (value) => [
    {
      rows: 'moved',
      type: sql`case
          when is_reset then ${constant(EVENT_OF.reset)}
          when is_retried then ${constant(EVENT_OF.retry)}
          else ${constant(EVENT_OF.move)}
        end`,
      own: sql`true`,
      data: sql`nullif(
          jsonb_strip_nulls(jsonb_build_object(
            'error', ${shortText(sql`${value('error')}::text`)},
            'notes', ${shortText(sql`nullif(${value('completion_notes')}::text, '')`)},
            'artifacts', (
              select jsonb_agg(artifact -> 'name')
              from jsonb_path_query(${value('artifacts')}::jsonb, '$[0 to 9]') as artifact
            ),
            'force', case when ${value('force')}::boolean then true end
          )),
          '{}'
        )`,
    },
  ],
  columns: () => taskColumns('done'),
  toDone: toTask,
});

/** Moves a task. Rejects with `insufficient_scope`, CLAIM_ERRORS or `invalid_transition`, and then changes nothing. */
export const moveTask = defineOperation({
  name: 'move_task',
  scope: 'write',
  summary: 'Move a task to another status',
  description:
    'Moves a task along the transition table; with reset, back to pending. If several agents make the same move at once, exactly one succeeds. A claimed task needs the token of the claim. A failed attempt under a claim returns the task to pending while attempts are left. A move that is sent again with its token, because the answer was lost, answers with the task as it is.',
  answer: 'The task as it is after the move',
  errors: [
    'invalid_transition',
    ...CLAIM_ERRORS,
    'needs_unmet',
    'outputs_missing',
    'artifact_has_producer',
    'need_cycle',
  ],
  input: moveTaskInput,
  output: moveTaskOutput,
  alsoRequires: ({ force }) => (force ? ['admin'] : []),
  projects: ({ project }) => (project === undefined ? [] : [project]),
  statements: statementsOf(MOVE_TASK),
  examples: [
    {
      task_id: 'TASK-051',
      status: 'completed',
      completion_notes: 'PRD-006 v1 generated, 26/26 validation passed',
    },
    { task_id: 'TASK-051', project: 'ai-agent-mcp-server', status: 'in_progress' },
  ],
  async run(work, { task_id, project, status: to, reset, result, artifacts, usage, ...rest }) {
    const { moveFrom, resetFrom } = planTransition(to, reset);
    const made = { result: asJson(result), artifacts: asJson(artifacts), usage: asJson(usage) };
    const values = { ...rest, ...made, to, move_from: moveFrom, reset_from: resetFrom };
    const outcome = await runAddressedWrite(work, MOVE_TASK, { task_id, project }, values);
    if (outcome.done !== null) return { updated_task: outcome.done };
    // A foreign claim comes before a wrong transition.
    const isForeign = rest.claim_token === null ? outcome.live : !outcome.holds;
    if (isForeign && !rest.force) throw claimRefusal(outcome.task);
    if (![...moveFrom, ...resetFrom].includes(outcome.task.status))
      throw refusal('invalid_transition', { ...outcome.task, to });
    // The statement's own JSON.
    const { missing, unmet } = outcome.obstacle as Obstacle;
    throw to === 'in_progress'
      ? refusal('needs_unmet', { task_id, unmet: unmet ?? [] })
      : refusal('outputs_missing', { task_id, missing: missing ?? [] });
  },
});
