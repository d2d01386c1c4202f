import type { ErrorCode } from './errors/index.ts';

/** What many tasks can have done to them at once. */
export const CHANGE_ACTIONS = ['move', 'reset', 'cancel', 'edit', 'release', 'delete'] as const;

export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

/** Why one of them is left as it is, by the code that the single verb would refuse it with. */
export const SKIP_REASONS = [
  'task_not_found',
  'claimed_by_other',
  'claim_lost',
  'invalid_transition',
  'needs_unmet',
  'outputs_missing',
  'artifact_has_producer',
  'not_editable',
] as const satisfies readonly ErrorCode[];

export type SkipReason = (typeof SKIP_REASONS)[number];
