/** What the statistics of a project are made of, and how much of it they tell. */
export const STATISTICS = {
  /** UTC days, today included. */
  usualDays: 14,
  mostDays: 90,
  /** The newest events of a project that one answer reads at most. */
  events: 50_000,
  /** They are read in steps of this size, until one reaches back before the first day. */
  eventsPerStep: 5_000,
  reasons: 8,
  reasonCharacters: 60,
  agents: 100,
} as const;
