/** The ways to reach Postgres; see DATABASE_DRIVER in docs/configuration.md. */
export type DriverName = 'hyperdrive' | 'neon';

/** Which database, and how to reach it. */
export interface DatabaseTarget {
  readonly driver: DriverName;
  readonly connectionString: string;
}
