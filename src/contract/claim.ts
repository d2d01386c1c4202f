import { z } from 'zod';
import { EXAMPLE_CLAIM } from './examples.ts';

/** A claim as its holder sees it; nobody else sees the token. */
export const claim = z
  .strictObject({
    agent_id: z.string(),
    token: z.int().meta({
      format: 'int64',
      description: 'The fencing token: send it with every change to the task',
    }),
    attempt: z.int(),
    lease_expires_at: z.iso.datetime(),
  })
  .meta({ example: EXAMPLE_CLAIM });
