import { createServer, type IncomingMessage } from 'node:http';
import { Client } from 'pg';
import { type Gateway, startGateway } from '../../scripts/local/gateway.ts';
import type { LocalPostgres } from '../../scripts/local/postgres.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A database of a test's own, reached in both ways; each way through a proxy that can fail. */
export interface TestDatabase {
  readonly id: string;
  /** For tests that look behind the service. */
  readonly url: string;
  readonly hyperdrive: string;
  readonly neon: string;
}

/** What the test bed is asked to do. */
export type TestBedCall =
  | { readonly call: 'open' }
  | { readonly call: 'query'; readonly id: string; readonly text: string; readonly values: unknown[] }
  | { readonly call: 'inject'; readonly id: string; readonly fault: Fault; readonly times?: number }
  | { readonly call: 'counts'; readonly id: string };

interface Bench {
  readonly client: Client;
  readonly gateway: Gateway;
  readonly proxies: readonly FaultProxy[];
}

const PASSWORD = 'test-gateway';

/**
 * Serves the tests, which run in workerd, with what only Node can do: databases, proxies, queries behind the
 * service's back. Listens on the loopback address only.
 */
export async function startTestBed(postgres: LocalPostgres): Promise<{ url: string; stop(): Promise<void> }> {
  const benches = new Map<string, Bench>();
  const admin = new Client({ connectionString: postgres.url('postgres') });
  await admin.connect();

  async function open(): Promise<TestDatabase> {
    const id = `test_${benches.size}_${Date.now()}`;
    const creating = queue.then(() => admin.query(`create database ${id} template task_tracker`));
    queue = creating.catch(() => undefined);
    await creating;
    const url = postgres.url(id);
    const gateway = await startGateway({ databaseUrl: url, password: PASSWORD });
    const client = new Client({ connectionString: url });
    await client.connect();
    const toPostgres = await startFaultProxy(portOf(url));
    const toGateway = await startFaultProxy(portOf(gateway.url));
    benches.set(id, { client, gateway, proxies: [toPostgres, toGateway] });
    return {
      id,
      url,
      hyperdrive: withPort(url, toPostgres.port),
      neon: withPort(gateway.url, toGateway.port),
    };
  }
  let queue: Promise<unknown> = Promise.resolve();

  const benchOf = (id: string): Bench => {
    const bench = benches.get(id);
    if (bench === undefined) throw new Error(`No test database ${id}`);
    return bench;
  };

  async function serve(call: TestBedCall): Promise<unknown> {
    switch (call.call) {
      case 'open':
        return open();
      case 'query':
        return (await benchOf(call.id).client.query(call.text, call.values)).rows;
      case 'inject':
        for (const proxy of benchOf(call.id).proxies) await proxy.inject(call.fault, call.times);
        return null;
      case 'counts':
        return sum(benchOf(call.id).proxies.map((proxy) => proxy.counts));
    }
  }

  const server = createServer((request, response) => {
    void read(request)
      .then(serve)
      .then((result) => response.end(JSON.stringify(result)))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      for (const { client, gateway, proxies } of benches.values()) {
        for (const proxy of proxies) await proxy.stop();
        await gateway.stop();
        await client.end();
      }
      await admin.end();
    },
  };
}

async function read(request: IncomingMessage): Promise<TestBedCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as TestBedCall;
}

function sum(counts: readonly FaultProxy['counts'][]): FaultProxy['counts'] {
  return {
    connections: counts.reduce((total, { connections }) => total + connections, 0),
    statements: counts.reduce((total, { statements }) => total + statements, 0),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
