import { createServer } from 'node:net';
import { hostInUrl } from './listen-address.ts';
import { Problem } from './problem.ts';

/**
 * Resolves with the port, or undefined when it is taken; port 0 finds a free one. Throws a Problem if listening fails
 * for another reason.
 */
export function tryPort(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(undefined);
      reject(
        new Problem(
          `Nothing can listen on ${hostInUrl(host)}:${port} (${error.code}): pass another --host or --port`,
        ),
      );
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** Below the ports for outgoing connections, any of which could take one before its listener. */
const PORTS = { first: 20_000, count: 12_000 } as const;

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let look = 0; look < 100; look += 1) {
    const port = await tryPort(PORTS.first + Math.floor(Math.random() * PORTS.count));
    if (port !== undefined) return port;
  }
  throw new Error('The system has no free port');
}
