/** The states of a task, in the order in which a task passes through them. */
export const STATUSES = ['pending', 'in_progress', 'completed'] as const;

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
} as const;

/** What a caller says of a task that is to be added. */
export interface NewTask {
  readonly taskId: string;
  readonly projectId: string;
  readonly description: string;
  readonly generatorName: string | null;
  readonly status: Status;
  readonly inputs: readonly string[];
  readonly expectedOutputs: readonly string[];
  readonly contextNotes: string | null;
}

/** A task as it is stored; `completedAt` is set exactly when its status is completed. */
export interface Task extends NewTask {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly completedAt: Date | null;
  readonly completionNotes: string | null;
}
