/** The states of a task, in the order in which a task passes through them. */
export const STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const;

export type Status = (typeof STATUSES)[number];

/** A project id: what keeps the tasks of one project apart from all others. */
export const PROJECT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** A task id such as TASK-051; unique within its project only. */
export const TASK_ID_PATTERN = /^[A-Z][A-Z0-9]*-[0-9]+$/;

/** The bounds on what a task may hold. Characters are Unicode code points, as Postgres counts them. */
export const LIMITS = {
  taskIdCharacters: 20,
  descriptionCharacters: 10_000,
  generatorNameCharacters: 200,
  notesCharacters: 10_000,
  artifactsPerList: 100,
  artifactCharacters: 200,
  tasksPerBatch: 500,
  tasksPerPage: 1_000,
  /** A page ends with the task whose texts reach it. */
  pageBytes: 4 * 1024 * 1024,
  agentIdCharacters: 200,
  errorCharacters: 10_000,
  /** The most urgent is 0. */
  lastPriority: 4,
  attempts: 100,
} as const;

/** What holds for a task unless its creator says otherwise. */
export const DEFAULTS = { priority: 2, maxAttempts: 3 } as const;
