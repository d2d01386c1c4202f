import type { ReadinessCounts } from '../../src/contract/readiness-counts.ts';

/** How a project stands that has no task, or only such as have ended well. */
export const NOTHING_COUNTED: ReadinessCounts = {
  ready: 0,
  delayed: 0,
  blocked: 0,
  stuck: 0,
  in_progress: 0,
  expired: 0,
  failed: 0,
};
