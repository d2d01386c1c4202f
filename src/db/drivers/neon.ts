import { neon, neonConfig } from '@neondatabase/serverless';
import { fillPlaceholders } from 'drizzle-orm/sql';
import { LOOPBACK_HOSTS } from '../../domain/loopback.ts';
import type { Driver } from '../database.ts';
import { classify } from '../failures.ts';

// Neon's own rule for its cloud; a gateway on this machine speaks plain HTTP on the port of DATABASE_URL.
const cloudEndpoint = neonConfig.fetchEndpoint;
neonConfig.fetchEndpoint = (host, port, options) => {
  if (LOOPBACK_HOSTS.has(host)) return `http://${host}:${port}/sql`;
  return typeof cloudEndpoint === 'function' ? cloudEndpoint(host, port, options) : cloudEndpoint;
};

/** Sends one HTTP request per statement. A refused connection looks like a lost answer, so it counts as one. */
export function neonDriver(connectionString: string): Driver {
  return {
    async execute({ query }, values, budget) {
      const bound = fillPlaceholders(query.params, values);
      const fetchOptions = { signal: AbortSignal.timeout(Math.ceil(budget.execute())) };
      const client = neon(connectionString, { fetchOptions, disableWarningInBrowsers: true });
      try {
        return await client.query(query.sql, bound);
      } catch (error) {
        throw classify(error, 'executing');
      }
    },
    close: () => undefined,
  };
}
