import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { EXAMPLE_CLAIM } from '../contract/examples.ts';
import { heartbeatClaimInput, heartbeatClaimOutput } from '../contract/heartbeat-claim.ts';
import { asJson } from '../db/sql/json.ts';
import { renewedLease } from '../db/sql/lease.ts';
import { before } from '../db/sql/log.ts';
import type { Bind, RawRow } from '../db/statement.ts';
import { CLAIM_ERRORS, defineAddressedWrite, runHoldersWrite, statementsOf } from './addressed-write.ts';
import { defineOperation } from './define-operation.ts';
import { taskColumns, toClaim, toTask } from './shown-task.ts';

type Heartbeat = z.output<typeof heartbeatClaimOutput>;

type HeartbeatValues = {
  readonly claim_token: string | null;
  readonly lease_seconds: number | null;
  /** As JSON. */
  readonly checkpoint: string | null;
  readonly usage: string | null;
};
type ProgressValues = HeartbeatValues & { readonly progress: string };

/** Renews an expired lease, too: the token holds until another claim takes the task or gives it up. */
const renewal = (value: Bind<HeartbeatValues>, more: SQL): SQL => sql`
    renewed as (
      update tasks
      set ${renewedLease(sql`coalesce(${value('lease_seconds')}::int, tasks.lease_seconds)`, sql`target.now`)},
          checkpoint = coalesce(${value('checkpoint')}::jsonb, tasks.checkpoint),
          usage = coalesce(${value('usage')}::jsonb, tasks.usage)${more}
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.holds
      returning tasks.*, ${before('target')}
    ),
    stopped as (
      select *
      from locked
      where status = 'cancelled'
        and claim_token is null
        and last_claim_token = ${value('claim_token')}
    ),
    done as (
      select renewed.*, renewed.lease_expires_at > target.now as goes_on from renewed, target
      union all
      select stopped.*, null, null, null, null, null, null, false from stopped
    )`;

const columns = () => sql`done.last_claim_token, done.goes_on, ${taskColumns('done')}`;

function toHeartbeat(row: RawRow): Heartbeat {
  const isHeld = row['claimed_by'] !== null;
  const task = toTask(row);
  const claim = isHeld ? toClaim(row) : null;
  if (row['goes_on'] === true) return { task, claim, continue: true };
  return { task, claim, continue: false, reason: isHeld ? 'run_over' : 'cancelled' };
}

const HEARTBEAT_CLAIM = defineAddressedWrite<HeartbeatValues, Heartbeat>({
  name: 'heartbeat_claim',
  steps: (value) => renewal(value, sql``),
  columns,
  toDone: toHeartbeat,
});

/** Separate, because only this one is an event. */
const REPORT_PROGRESS = defineAddressedWrite<ProgressValues, Heartbeat>({
  name: 'report_progress',
  steps: (value) =>
    renewal(
      value,
      sql`,
          progress = ${value('progress')}::jsonb,
          version = tasks.version + 1,
          updated_at = target.now`,
    ),
  changes: (value) => [
    {
      rows: 'renewed',
      type: 'progressed',
      data: sql`jsonb_strip_nulls(${value('progress')}::jsonb)`,
      own: sql`true`,
      goesOn: true,
    },
  ],
  columns,
  toDone: toHeartbeat,
});

/** Renews the lease of a claim. Rejects with CLAIM_ERRORS, and then changes nothing. */
export const heartbeatClaim = defineOperation({
  name: 'heartbeat_claim',
  scope: 'write',
  summary: 'Renew the lease of a claim',
  description:
    'Shows that the agent is still at work. It also renews an expired lease while no other agent has taken the task; when no more leases may expire, until any agent claims in the project. Tells by continue whether to go on.',
  answer: 'The claim with its new lease, and whether to go on',
  errors: [...CLAIM_ERRORS],
  input: heartbeatClaimInput,
  output: heartbeatClaimOutput,
  projects: ({ project }) => (project === undefined ? [] : [project]),
  statements: [...statementsOf(HEARTBEAT_CLAIM), ...statementsOf(REPORT_PROGRESS)],
  examples: [
    { task_id: 'TASK-051', claim_token: EXAMPLE_CLAIM.token },
    {
      task_id: 'TASK-051',
      project: 'ai-agent-mcp-server',
      claim_token: EXAMPLE_CLAIM.token,
      lease_seconds: 600,
      checkpoint: { chapter: 3 },
    },
    {
      task_id: 'TASK-051',
      claim_token: EXAMPLE_CLAIM.token,
      progress: { percent: 40, note: 'Chapter 3 of 7' },
    },
    {
      task_id: 'TASK-051',
      project: 'ai-agent-mcp-server',
      claim_token: EXAMPLE_CLAIM.token,
      progress: { percent: 60 },
      usage: { input_tokens: 90_000, output_tokens: 12_000, cost_micro_usd: 450_000 },
    },
  ],
  run(work, { claim_token, lease_seconds, progress, checkpoint, usage, ...address }) {
    const values = { claim_token, lease_seconds, checkpoint: asJson(checkpoint), usage: asJson(usage) };
    return progress === null
      ? runHoldersWrite(work, HEARTBEAT_CLAIM, address, values)
      : runHoldersWrite(work, REPORT_PROGRESS, address, { ...values, progress: JSON.stringify(progress) });
  },
});
