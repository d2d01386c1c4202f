import { z } from 'zod';
import type { DatabaseTarget } from '../db/target.ts';

const hyperdrive = z.object({
  DATABASE_DRIVER: z.literal('hyperdrive'),
  HYPERDRIVE: z.object(
    { connectionString: z.string() },
    { error: 'DATABASE_DRIVER is hyperdrive: add the binding HYPERDRIVE to wrangler.toml' },
  ),
});

const neon = z.object({
  DATABASE_DRIVER: z.literal('neon'),
  DATABASE_URL: z
    .string({ error: 'DATABASE_DRIVER is neon: set the secret DATABASE_URL' })
    .refine(isNeonUrl, {
      error:
        'set the secret DATABASE_URL to postgres://user:password@host/database, with signs such as / or # in the password percent-encoded',
    }),
});

export const databaseTarget = z
  .discriminatedUnion('DATABASE_DRIVER', [hyperdrive, neon], {
    error: 'set DATABASE_DRIVER to hyperdrive or neon',
  })
  .transform((given): DatabaseTarget => {
    const driver = given.DATABASE_DRIVER;
    return driver === 'hyperdrive'
      ? { driver, connectionString: given.HYPERDRIVE.connectionString }
      : { driver, connectionString: given.DATABASE_URL };
  });

/** Whether the drivers can read a connection string; their own errors would repeat it. */
export function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '';
}

/** Neon's driver also needs a user and a database. */
function isNeonUrl(text: string): boolean {
  if (!isPostgresUrl(text)) return false;
  const { username, pathname } = new URL(text);
  return username !== '' && pathname.length > 1;
}
