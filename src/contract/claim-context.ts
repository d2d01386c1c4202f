import { z } from 'zod';
import { ATTEMPT_OUTCOMES } from '../domain/attempts.ts';
import { GRAPH_LIMITS, NEED_KINDS } from '../domain/graph.ts';
import { STATUSES } from '../domain/task.ts';

const isCut = z
  .literal(true)
  .optional()
  .meta({ description: 'Something of it did not fit; get_task of the task has the whole' });

const need = z.strictObject({
  kind: z.enum(NEED_KINDS),
  need: z.string(),
  task_id: z.string().optional(),
  status: z.enum(STATUSES).optional(),
  completion_notes: z.string().optional(),
  result: z.unknown().optional(),
  artifacts: z
    .array(
      z.strictObject({
        name: z.string(),
        uri: z.string().optional(),
        sha256: z.string().optional(),
        bytes: z.int().optional(),
      }),
    )
    .optional(),
  is_cut: isCut,
});

const attempt = z.strictObject({
  agent_id: z.string(),
  ended_at: z.iso.datetime(),
  outcome: z.enum(ATTEMPT_OUTCOMES),
  error: z.string().optional(),
  is_cut: isCut,
});

/** What the work on a claimed task goes on from, without what is empty. */
export const claimContext = z
  .strictObject({ needs: z.array(need).optional(), attempts: z.array(attempt).optional() })
  .meta({
    description: `What each need came to, ${GRAPH_LIMITS.contextNeeds} at most, and the task's own last attempts; at most ${GRAPH_LIMITS.contextBytes} bytes of JSON`,
  });

export type ClaimContext = z.infer<typeof claimContext>;
