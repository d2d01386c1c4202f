/** How a claim may end. */
export const ATTEMPT_OUTCOMES = ['completed', 'failed', 'cancelled', 'released', 'expired', 'reset'] as const;

export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Why an agent gives a task back; none of them costs an attempt. */
export const RELEASE_REASONS = ['rate_limited', 'shutting_down', 'unable'] as const;

/** Why an agent is to stop although it holds, or held, the claim. */
export const STOP_REASONS = ['cancelled', 'run_over'] as const;

export type StopReason = (typeof STOP_REASONS)[number];

export const ATTEMPT_LIMITS = {
  noteCharacters: 500,
  checkpointBytes: 16 * 1024,
  resultBytes: 64 * 1024,
  artifacts: 100,
  artifactNameCharacters: 200,
  artifactUriCharacters: 2_000,
  /** The newest, where a task has more. */
  shown: 100,
} as const;

/** How long one attempt may last, heartbeats included, in seconds. */
export const MAX_RUN_SECONDS = { min: 1, max: 30 * 24 * 60 * 60 } as const;

export interface Progress {
  readonly percent: number | null;
  readonly note: string | null;
}

/** Totals of one attempt. */
export interface Usage {
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  /** Millionths of a US dollar. */
  readonly cost_micro_usd: number | null;
}

/** What a task has made, wherever it lies. */
export interface Artifact {
  readonly name: string;
  readonly uri: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
}
