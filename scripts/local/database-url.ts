import { isPostgresUrl } from '../../src/config/database.ts';
import { Problem } from './problem.ts';

/** Throws a Problem for a connection string that no driver can read; never repeats it, since it has a password. */
export function checkDatabaseUrl(url: string): void {
  if (isPostgresUrl(url)) return;
  throw new Problem(
    'DATABASE_URL must look like postgres://user:password@host:5432/database, with signs such as / or # in the password percent-encoded',
  );
}
