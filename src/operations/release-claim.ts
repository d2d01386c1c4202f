import { type SQL, sql } from 'drizzle-orm/sql';
import { EXAMPLE_CLAIM } from '../contract/examples.ts';
import { releaseClaimInput, releaseClaimOutput } from '../contract/release-claim.ts';
import { before, shortText } from '../db/sql/log.ts';
import { releaseChange } from '../db/sql/move-change.ts';
import type { Bind } from '../db/statement.ts';
import { EVENT_OF } from '../domain/events.ts';
import { CLAIM_ERRORS, defineAddressedWrite, runHoldersWrite, statementsOf } from './addressed-write.ts';
import { defineOperation } from './define-operation.ts';
import { type Task, taskColumns, toTask } from './shown-task.ts';

type ReleaseValues = {
  readonly delay_seconds: number | null;
  readonly notes: string | null;
  readonly reason: string | null;
};

const retryAt = (value: Bind<ReleaseValues>): SQL =>
  sql`target.now + make_interval(secs => ${value('delay_seconds')}::float8)`;

const RELEASE_CLAIM = defineAddressedWrite<ReleaseValues, Task>({
  name: 'release_claim',
  steps: (value) => sql`
    done as (
      update tasks
      set ${releaseChange(sql`target.now`, retryAt(value), value('notes'))}
      from target
      where tasks.task_id = target.task_id
        and tasks.project_id = target.project_id
        and target.holds
      returning tasks.*, ${before('target')}
    )`,
  changes: (value) => [
    {
      rows: 'done',
      type: EVENT_OF.release,
      own: sql`true`,
      data: sql`nullif(
          jsonb_strip_nulls(jsonb_build_object(
            'notes', ${shortText(sql`nullif(${value('notes')}::text, '')`)},
            'delay_seconds', ${value('delay_seconds')}::int,
            'reason', ${value('reason')}::text
          )),
          '{}'
        )`,
    },
  ],
  columns: () => taskColumns('done'),
  toDone: toTask,
});

/** Returns a claimed task to pending. Rejects with CLAIM_ERRORS, and then changes nothing. */
export const releaseClaim = defineOperation({
  name: 'release_claim',
  scope: 'write',
  summary: 'Release a claimed task',
  description: 'Returns the task to pending, at once or after a delay. The attempt does not count as failed.',
  answer: 'The task as it is now',
  errors: [...CLAIM_ERRORS],
  input: releaseClaimInput,
  output: releaseClaimOutput,
  projects: ({ project }) => (project === undefined ? [] : [project]),
  statements: statementsOf(RELEASE_CLAIM),
  examples: [
    { task_id: 'TASK-051', claim_token: EXAMPLE_CLAIM.token, notes: 'Half done: see branch draft-1' },
    {
      task_id: 'TASK-051',
      project: 'ai-agent-mcp-server',
      claim_token: EXAMPLE_CLAIM.token,
      delay_seconds: 60,
    },
  ],
  async run(work, { claim_token, delay_seconds, notes, reason, ...address }) {
    const values = { claim_token, delay_seconds, notes, reason };
    return { released_task: await runHoldersWrite(work, RELEASE_CLAIM, address, values) };
  },
});
