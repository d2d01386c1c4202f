import { type SQL, sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import type { ClaimContext } from '../contract/claim-context.ts';
import { claimTaskInput, claimTaskOutput } from '../contract/claim-task.ts';
import type { Parsed } from '../contract/input.ts';
import type { ReadinessCounts } from '../contract/readiness-counts.ts';
import { isViolationOf } from '../db/failures.ts';
import { CLAIM_SLOTS } from '../db/schema/names.ts';
import { type Bind, defineRecordedWrite, defineWrite, type RawRow } from '../db/statement.ts';
import type { ClaimReason } from '../domain/claims.ts';
import { boundedContext } from './claim-context.ts';
import { type ClaimManyValues, claimManyParts } from './claim-many-statement.ts';
import { type ClaimValues, type ConcludingLook, claimParts } from './claim-statement.ts';
import { defineOperation, type Work } from './define-operation.ts';
import { toClaim, toTask } from './shown-task.ts';
import { TIDY_TASKS } from './tidy-tasks.ts';

type ClaimInput = Parsed<typeof claimTaskInput>;
type ClaimResult = z.output<typeof claimTaskOutput>;
type ClaimForGenerator = ClaimValues & { readonly generator_name: string };
type ClaimManyForGenerator = ClaimManyValues & { readonly generator_name: string | null };

interface Look {
  readonly result: ClaimResult;
  readonly isUntidy: boolean;
  /** Otherwise the claim goes on. */
  readonly isFinal: boolean;
}

function toLook(row: RawRow): Look {
  // Records from before there were other looks do not say so.
  const isFinal = row['is_final'] !== false;
  return { result: toResult(row), isUntidy: row['is_untidy'] === true, isFinal };
}

function toLookOfMany(row: RawRow): Look {
  // The rows of jsonb_agg in the statement.
  const given = row['claims'] as readonly RawRow[];
  const [first = NOTHING_GIVEN] = given;
  const { result, ...look } = toLook({ ...row, ...first });
  return { ...look, result: { ...result, claims: given.map(toGiven) } };
}

const NOTHING_GIVEN = { task_id: null };

function toGiven(row: RawRow): NonNullable<ClaimResult['claims']>[number] {
  return {
    task: toTask(row),
    claim: toClaim(row),
    ...(row['checkpoint'] === null ? {} : { checkpoint: row['checkpoint'] }),
    // jsonb_build_object gives it its shape.
    ...(row['context'] == null ? {} : { context: boundedContext(row['context'] as ClaimContext) }),
  };
}

function toResult(row: RawRow): ClaimResult {
  const isHeld = row['task_id'] !== null;
  const seconds = row['retry_after_seconds'] as number | null;
  // The statement's own literals.
  const reason = row['reason'] as ClaimResult['reason'];
  return {
    task: isHeld ? toTask(row) : null,
    reason,
    claim: isHeld ? toClaim(row) : null,
    ...(isHeld && row['checkpoint'] !== null ? { checkpoint: row['checkpoint'] } : {}),
    ...(seconds === null ? {} : { retry_after_seconds: seconds }),
    // jsonb_build_object gives these their shapes; records from before have none of them.
    ...(row['context'] == null ? {} : { context: boundedContext(row['context'] as ClaimContext) }),
    ...(row['paused'] == null ? {} : { paused: row['paused'] as NonNullable<ClaimResult['paused']> }),
    ...(row['counts'] == null ? {} : toldCounts(reason, row['counts'] as ReadinessCounts)),
  };
}

/** Which count says why there is nothing to claim. */
const LOOK_AT: Partial<
  Record<ClaimReason, (counts: ReadinessCounts) => NonNullable<ClaimResult['look_at']>>
> = {
  none_due: () => 'delayed',
  all_claimed: () => 'in_progress',
  all_blocked: ({ stuck }) => (stuck > 0 ? 'stuck' : 'blocked'),
};

function toldCounts(reason: ClaimReason, counts: ReadinessCounts): Pick<ClaimResult, 'counts' | 'look_at'> {
  const look_at = LOOK_AT[reason]?.(counts);
  return { counts, ...(look_at === undefined ? {} : { look_at }) };
}

const CLAIM_TASK = defineWrite<ClaimValues, Look>({
  name: 'claim_task',
  build: (value) => claimParts(value, sql``),
  toRow: toLook,
});

// Separate, because an index serves a generator only if it is always given.
const CLAIM_TASK_FOR_GENERATOR = defineWrite<ClaimForGenerator, Look>({
  name: 'claim_task_for_generator',
  build: (value) => claimParts(value, sql` and generator_name = ${value('generator_name')}`),
  toRow: toLook,
});

// The outcome is recorded, because no one event tells several tasks.
const claimMany = (name: string, filter: (value: Bind<ClaimManyForGenerator>) => SQL) =>
  defineRecordedWrite<ClaimManyForGenerator, Look>({
    name,
    build: (value) => claimManyParts(value, filter(value)),
    toRow: toLookOfMany,
  });

const CLAIM_TASKS = claimMany('claim_tasks', () => sql``);

const CLAIM_TASKS_FOR_GENERATOR = claimMany(
  'claim_tasks_for_generator',
  (value) => sql` and generator_name = ${value('generator_name')}`,
);

/** How often a claim that does not wait looks while tasks are contended, or may be ready by what it gave up. */
const LOOKS = 4;

/** Claims the first due task by priority, then age, or a dead agent's; at capacity, renews the agent's oldest. */
export const claimTask = defineOperation({
  name: 'claim_task',
  scope: 'write',
  summary: 'Claim the next task of a project',
  description:
    'Claims the first due task, by priority and then age, and moves it to in_progress for this agent alone. Tasks with an expired lease are due, too. An agent at its capacity gets its own oldest task back with a renewed lease. With count, it gets several tasks at once, each with a claim of its own.',
  answer: 'The task and the claim on it, or why there is none',
  errors: [],
  input: claimTaskInput,
  output: claimTaskOutput,
  projects: ({ project_id }) => [project_id],
  statements: [CLAIM_TASK, CLAIM_TASK_FOR_GENERATOR, CLAIM_TASKS, CLAIM_TASKS_FOR_GENERATOR, TIDY_TASKS],
  examples: [
    { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7' },
    { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7', generator_name: 'prd-generator' },
    { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7', capacity: 3, count: 3 },
    {
      project_id: 'ai-agent-mcp-server',
      agent_id: 'agent-7',
      capacity: 3,
      count: 3,
      generator_name: 'prd-generator',
    },
  ],
  async run(work, { wait_seconds, ...input }) {
    return await work.wait(wait_seconds, async (isLast) => {
      const look = await (isLast ? lookToTheEnd(work, input) : lookForTask(work, input, 'none'));
      if (look.isUntidy) await tidy(work, input.project_id);
      const { result, isFinal } = look;
      return { value: result, isDone: isFinal, retryAfterSeconds: result.retry_after_seconds };
    });
  },
});

type LookedFor = Omit<ClaimInput, 'wait_seconds'>;

/** Looks until there is an outcome. */
async function lookToTheEnd(work: Work, input: LookedFor): Promise<Look> {
  for (let looks = 1; ; looks += 1) {
    const look = await lookForTask(work, input, looks === LOOKS ? 'any' : 'unless_contended');
    if (look.isFinal) return look;
  }
}

async function lookForTask(work: Work, input: LookedFor, concludes: ConcludingLook): Promise<Look> {
  for (;;) {
    try {
      const [look] = await lookOnce(work, input, concludes);
      if (look !== undefined) return look;
    } catch (error) {
      // Another claim of the agent took that slot, so each retry has one rival fewer.
      if (!isViolationOf(error, CLAIM_SLOTS)) throw error;
    }
  }
}

function lookOnce(
  { run }: Work,
  { generator_name, count, ...input }: LookedFor,
  concludes: ConcludingLook,
): Promise<readonly Look[]> {
  const values = { ...input, concludes };
  if (count === undefined) {
    return generator_name === null
      ? run(CLAIM_TASK, values)
      : run(CLAIM_TASK_FOR_GENERATOR, { ...values, generator_name });
  }
  const many = { ...values, count, generator_name };
  return run(generator_name === null ? CLAIM_TASKS : CLAIM_TASKS_FOR_GENERATOR, many);
}

/** The next claim tries again where it fails; this one has its answer. */
async function tidy({ run }: Work, project_id: string): Promise<void> {
  await run(TIDY_TASKS, { project_id }).catch(() => undefined);
}
