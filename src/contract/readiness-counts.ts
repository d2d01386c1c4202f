import { z } from 'zod';

const count = (description: string) => z.int().meta({ description });

/** How many tasks of a project are in each state, up to a bound that whoever shows them tells. */
export const readinessCounts = z.strictObject({
  ready: count('Pending, due, and with every need met: what a claim gives'),
  delayed: count('Pending, and not due yet'),
  blocked: count('Pending, and waiting for what they need'),
  stuck: count('Pending, and a need can no longer be met; somebody has to decide'),
  in_progress: count('In progress, those with an expired lease included'),
  expired: count('In progress under a lease that has expired; a claim takes them over'),
  failed: count('Failed'),
});

export type ReadinessCounts = z.infer<typeof readinessCounts>;

export const EXAMPLE_COUNTS: ReadinessCounts = {
  ready: 3,
  delayed: 1,
  blocked: 12,
  stuck: 0,
  in_progress: 4,
  expired: 0,
  failed: 1,
};
