/** The types of ids that every project has. */
export const ARTIFACT_TYPES = [
  'VIS',
  'INIT',
  'EPIC',
  'PRD',
  'HLS',
  'US',
  'SPIKE',
  'ADR',
  'SPEC',
  'TASK',
  'FS',
] as const;

/** What a project may add to them. */
export const ARTIFACT_TYPE_PATTERN = /^[A-Z][A-Z0-9]{0,19}$/;

/** What comes before the hyphen and the number of an id that the service gives to a task. */
export const TASK_ID_PREFIX_PATTERN = /^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$/;

export const DEFAULT_TASK_ID_PREFIX = 'TASK';

/** Characters are Unicode code points, as Postgres counts them. */
export const ID_LIMITS = {
  /** Leaves a task id room for any number. */
  prefixCharacters: 40,
  typeCharacters: 20,
  typesPerProject: 50,
  idsPerReservation: 100,
  reservationsPerDeletion: 1_000,
  /** How long after its end a reservation is kept, whatever became of it. */
  reservationHours: 24,
} as const;

/** How long a reservation waits for its confirmation. */
export const RESERVATION_MINUTES = { default: 15, max: 1_440 } as const;

/** Whether every project has that type of ids. */
export function isStandardType(type: string): boolean {
  return ARTIFACT_TYPES.some((standard) => standard === type);
}
