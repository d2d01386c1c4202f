import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is wrong with a deployment. */
export type Defect =
  /** Reads are answered from a cache that writes do not invalidate, as Hyperdrive's are. */
  | 'caches_reads'
  /** Every mover is told that it won. */
  | 'no_loser'
  /** Nothing may be deleted. */
  | 'no_delete'
  /** Every answer is late. */
  | 'slow';

const LATE_MS = 50;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Stands between a client and a service that works, and gives it one defect. */
export async function startDefectiveProxy(
  service: string,
  defect: Defect,
): Promise<{ readonly url: string; stop(): void }> {
  const cache = new Map<string, Answer>();

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const { method = 'GET', url = '/' } = request;
    if (defect === 'slow') await sleep(LATE_MS);
    if (defect === 'no_delete' && method === 'DELETE') return { status: 403, body: '{}' };
    const cached = cache.get(url);
    if (method === 'GET' && cached !== undefined) return cached;
    const answer = await pass(service, request);
    if (method === 'GET' && defect === 'caches_reads') cache.set(url, answer);
    return defect === 'no_loser' && method === 'PUT' ? { ...answer, status: 200 } : answer;
  }

  const server = createServer((request, response) => {
    void answerTo(request).then(({ status, body }) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function pass(service: string, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { authorization, 'content-type': type } = headers;
  const response = await fetch(new URL(url, service), {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  return { status: response.status, body: await response.text() };
}
