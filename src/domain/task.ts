/** In the order a task passes through them. */
export const STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const;

export type Status = (typeof STATUSES)[number];

export const PROJECT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Such as TASK-051 or TODO-HLS-005-IMPL-001; unique within its project only. */
export const TASK_ID_PATTERN = /^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$/;

/** Characters are Unicode code points, as Postgres counts them. */
export const LIMITS = {
  taskIdCharacters: 64,
  descriptionCharacters: 10_000,
  generatorNameCharacters: 200,
  notesCharacters: 10_000,
  labels: 20,
  labelCharacters: 100,
  metadataBytes: 4_096,
  notesPerTask: 1_000,
  notesPerPage: 100,
  /** Of a text that is searched for. */
  queryCharacters: 200,
  /** What one page of a filtered list looks at. */
  tasksLookedAt: 10_000,
  /** Of a description in the brief view. */
  briefCharacters: 200,
  artifactsPerList: 100,
  artifactCharacters: 200,
  tasksPerBatch: 500,
  /** What one change of many looks at. */
  tasksPerChange: 500,
  tasksPerPage: 1_000,
  eventsPerPage: 1_000,
  /** A page ends after the task whose texts reach this size. */
  pageBytes: 4 * 1024 * 1024,
  agentIdCharacters: 200,
  errorCharacters: 10_000,
  /** The most urgent is 0. */
  lastPriority: 4,
  attempts: 100,
} as const;

export const DEFAULTS = { priority: 2, maxAttempts: 3 } as const;
