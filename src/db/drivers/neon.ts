import { neon, neonConfig } from '@neondatabase/serverless';
import { fillPlaceholders } from 'drizzle-orm/sql';
import type { Driver } from '../database.ts';
import { classify } from '../failures.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

// Neon's own rule for its cloud; a gateway on this machine speaks plain HTTP on the port of the DATABASE_URL.
const cloudEndpoint = neonConfig.fetchEndpoint;
neonConfig.fetchEndpoint = (host, port, options) => {
  if (LOOPBACK.has(host)) return `http://${host}:${port}/sql`;
  return typeof cloudEndpoint === 'function' ? cloudEndpoint(host, port, options) : cloudEndpoint;
};

/**
 * Neon's driver: one HTTP request for each statement, nothing to keep or to close. It cannot tell a refused
 * connection from a lost answer, so a failed request always counts as one whose answer was lost.
 */
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
    close: () => Promise.resolve(),
  };
}
