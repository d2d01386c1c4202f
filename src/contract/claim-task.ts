import { z } from 'zod';
import {
  CAPACITY,
  CLAIM_REASONS,
  CLAIMS_AT_ONCE,
  LEASE_SECONDS,
  MAX_WAIT_SECONDS,
} from '../domain/claims.ts';
import { GRAPH_LIMITS } from '../domain/graph.ts';
import { LIMITS } from '../domain/task.ts';
import { claim } from './claim.ts';
import { claimContext } from './claim-context.ts';
import { EXAMPLE_CLAIM, EXAMPLE_TASK_CLAIMED } from './examples.ts';
import { generatorName, projectId, unlessLeftOut, waitSeconds, wholeNumber } from './fields.ts';
import type { Input } from './input.ts';
import { paused } from './project.ts';
import { EXAMPLE_COUNTS, readinessCounts } from './readiness-counts.ts';
import { task } from './task.ts';
import { text } from './text.ts';

const LOOKED_AT = ['delayed', 'in_progress', 'blocked', 'stuck'] as const;

export const claimTaskInput = {
  fields: {
    project_id: projectId,
    agent_id: text({ min: 1, max: LIMITS.agentIdCharacters }).meta({
      description: 'Identifies the agent; keep it after a restart to get the task back',
      example: 'agent-7',
    }),
    lease_seconds: unlessLeftOut(
      wholeNumber(LEASE_SECONDS.min, LEASE_SECONDS.max),
      LEASE_SECONDS.default,
      'How long the claim lasts without a heartbeat',
    ),
    generator_name: unlessLeftOut(generatorName.nullable(), null, 'Claims only tasks for that generator'),
    capacity: unlessLeftOut(
      wholeNumber(1, CAPACITY.max),
      CAPACITY.default,
      'How many tasks the agent may hold at once',
    ),
    count: wholeNumber(1, CLAIMS_AT_ONCE).optional().meta({
      description:
        'How many tasks to claim at once, at most capacity: all, or as many as there are and fit. Default: one, and the answer has no claims',
    }),
    wait_seconds: waitSeconds,
  },
  rule: ({ count, capacity }, context) => {
    if (count === undefined || Number(count) <= Number(capacity)) return;
    const message = `must be at most capacity, which is ${Number(capacity)}`;
    context.addIssue({ code: 'custom', path: ['count'], message });
  },
} satisfies Input;

const checkpoint = z
  .unknown()
  .optional()
  .meta({ description: 'What an earlier attempt left to go on from; absent where there is none' });

export const claimTaskOutput = z
  .strictObject({
    task: z.union([task, z.null()]),
    reason: z.enum(CLAIM_REASONS).meta({
      description:
        'none_due: tasks are pending, but none is due yet; all_claimed: no task is ready, but claimed tasks may return or meet needs; all_blocked: every pending task waits for what it needs; none_pending: there is nothing to wait for; paused: the project gives no task',
    }),
    claim: z.union([claim, z.null()]),
    checkpoint,
    context: claimContext.optional(),
    claims: z
      .array(z.strictObject({ task, claim, checkpoint, context: claimContext.optional() }))
      .max(CLAIMS_AT_ONCE)
      .optional()
      .meta({
        description:
          'With count: every task that was claimed, the most urgent first, or with continue_current those of the agent, the oldest first. task and claim are those of the first',
      }),
    paused: paused.unwrap().optional(),
    counts: readinessCounts.optional().meta({
      description: `Without a task: how the project stands, up to ${GRAPH_LIMITS.countedByClaim} each`,
    }),
    look_at: z.enum(LOOKED_AT).optional().meta({ description: 'The count that says why there is no task' }),
    retry_after_seconds: z
      .int()
      .min(1)
      .max(MAX_WAIT_SECONDS)
      .optional()
      .meta({
        description: `With none_due, all_claimed and a pause with an end: when to ask again. That is when the first task is due, the first lease ends or the pause does, but at most ${MAX_WAIT_SECONDS} seconds ahead`,
      }),
  })
  .meta({
    examples: {
      claimed: { task: EXAMPLE_TASK_CLAIMED, reason: 'claimed', claim: EXAMPLE_CLAIM },
      continue_current: { task: EXAMPLE_TASK_CLAIMED, reason: 'continue_current', claim: EXAMPLE_CLAIM },
      none_due: {
        task: null,
        reason: 'none_due',
        claim: null,
        retry_after_seconds: 42,
        counts: { ...EXAMPLE_COUNTS, ready: 0 },
        look_at: 'delayed',
      },
      all_claimed: { task: null, reason: 'all_claimed', claim: null, retry_after_seconds: 840 },
      none_pending: { task: null, reason: 'none_pending', claim: null },
    },
  });
