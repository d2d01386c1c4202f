import { z } from 'zod';
import { EXAMPLE_CLAIM } from './examples.ts';

/** A claim as its holder sees it; nobody else sees the token. */
export const claim = z
  .strictObject({
    agent_id: z.string(),
    token: z.string().meta({
      description:
        'The fencing token: send it with every change to the task. The number before its dot grows with each claim, for systems that fence by it',
    }),
    attempt: z.int(),
    lease_expires_at: z.iso.datetime(),
  })
  .meta({ example: EXAMPLE_CLAIM });
