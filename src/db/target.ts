/** The ways to reach Postgres; see DATABASE_DRIVER in the README. */
export type DriverName = 'hyperdrive' | 'neon';

/** Which database, and how to reach it. */
export interface DatabaseTarget {
  readonly driver: DriverName;
  readonly connectionString: string;
}
