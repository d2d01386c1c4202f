/** See DATABASE_DRIVER in docs/configuration.md. */
export type DriverName = 'hyperdrive' | 'neon';

export interface DatabaseTarget {
  readonly driver: DriverName;
  readonly connectionString: string;
}
