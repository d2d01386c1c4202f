import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type QueryResult, type QueryResultRow } from 'pg';
import { type Gateway, startGateway } from '../../scripts/local/gateway.ts';
import type { LocalPostgres } from '../../scripts/local/postgres.ts';
import { EMPTY_TABLES, FORGET_STATISTICS } from './empty-tables.ts';
import { type Fault, type FaultExtent, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A database of a test's own, reached in both ways; each way through a proxy that can fail. */
export interface TestDatabase {
  readonly id: string;
  /** For tests that look behind the service. */
  readonly url: string;
  readonly hyperdrive: string;
  readonly neon: string;
}

/** Has the service reach its database as an ordinary role, which limits and policies of the server apply to. */
export interface OrdinaryRole {
  /** How long the server lets a statement of the service run, in milliseconds. */
  readonly statementTimeout: number;
}

/** What the test bed is asked to do. */
export type TestBedCall =
  | { readonly call: 'open'; readonly ordinaryRole?: OrdinaryRole }
  | { readonly call: 'handOn'; readonly ids: readonly string[] }
  | { readonly call: 'query'; readonly id: string; readonly text: string; readonly values: unknown[] }
  | { readonly call: 'lock'; readonly id: string; readonly taskId: string }
  | { readonly call: 'unlock'; readonly id: string }
  | { readonly call: 'inject'; readonly id: string; readonly fault: Fault; readonly extent: FaultExtent }
  | { readonly call: 'counts'; readonly id: string };

interface Bench {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly toPostgres: FaultProxy;
  readonly toGateway: FaultProxy;
  /** Never fails; it counts what the gateway passes on. */
  readonly behindGateway: FaultProxy;
}

const PASSWORD = 'test-gateway';
export const ORDINARY_ROLE = { name: 'service', password: 'test-service' };

/** What leaves a database other than it was opened, so that no other file may have it. */
const ALTERS = /\b(create|alter|drop|grant|revoke|truncate|analyze|vacuum|reindex|setval|log_state)\b/i;
const CLOCK = 'create or replace function task_clock()';

/** A slow machine is no fault. */
const PATIENCE_MS = 60_000;

/** Time for the gateway's pool to notice that its connections were cut. */
const NOTICE_MS = 10;

/**
 * Serves the tests, which run in workerd, with what only Node can do: databases, proxies, queries behind the
 * service's back. Listens on the loopback address only. From that many databases on, the one that was opened
 * the longest ago is emptied and handed out again.
 */
export async function startTestBed(
  postgres: LocalPostgres,
  most = Number.POSITIVE_INFINITY,
): Promise<{ url: string; stop(): Promise<void> }> {
  const benches = new Map<string, Bench>();
  await createOrdinaryRole(postgres.url());
  const clock = await clockOf(postgres.url());
  const admin = new Client({ connectionString: postgres.url('postgres') });
  admin.on('error', () => undefined);
  await admin.connect();

  async function open(role: OrdinaryRole | undefined): Promise<TestDatabase> {
    const spared = role === undefined ? spare.pop() : undefined;
    if (spared !== undefined) return benchOf(spared).database;
    return benches.size < most ? create(role) : reuse();
  }

  async function reuse(): Promise<TestDatabase> {
    const [oldest] = benches.values();
    if (oldest === undefined) throw new Error('No test database to open again');
    // A map lists in the order of entry, so the one that is handed out goes to its end.
    benches.delete(oldest.database.id);
    benches.set(oldest.database.id, oldest);
    await clear(oldest);
    return oldest.database;
  }

  /** Leaves a database as it was opened, but for its schema and settings. */
  async function clear({ client, toPostgres, toGateway }: Bench): Promise<void> {
    for (const proxy of [toPostgres, toGateway]) await proxy.inject('none');
    for (const text of [EMPTY_TABLES, FORGET_STATISTICS]) await client.query(text);
  }

  async function create(role: OrdinaryRole | undefined): Promise<TestDatabase> {
    opened += 1;
    const id = `test_${opened}_${Date.now()}`;
    // To copy the files takes a quarter of the time that the usual strategy, to log each page, takes.
    const creation = `create database ${id} template task_tracker strategy file_copy`;
    const creating = queue.then(() => admin.query(creation));
    queue = creating.catch(() => undefined);
    await creating;
    const url = postgres.url(id);
    const client = new Client({ connectionString: url });
    // Without a listener, a connection that a test cuts off would end every test.
    client.on('error', () => undefined);
    await client.connect();
    if (role !== undefined) {
      altered.add(id);
      await admit(client, id, role);
    }
    const serviceUrl = role === undefined ? url : asOrdinaryRole(url);
    const behindGateway = await startFaultProxy(portOf(url));
    const gateway = await startGateway({
      databaseUrl: gatewaysUrl(serviceUrl, behindGateway.port, role),
      password: PASSWORD,
      patience: { connect: PATIENCE_MS, statement: PATIENCE_MS },
    });
    const toPostgres = await startFaultProxy(portOf(url));
    const toGateway = await startFaultProxy(portOf(gateway.url));
    const hyperdrive = withPort(serviceUrl, toPostgres.port);
    const database = { id, url, hyperdrive, neon: withPort(gateway.url, toGateway.port) };
    benches.set(id, { database, client, gateway, toPostgres, toGateway, behindGateway });
    return database;
  }
  let queue: Promise<unknown> = Promise.resolve();
  let opened = 0;

  /** Those whose file has ended; the connections to them have their plans. */
  const spare: string[] = [];
  const altered = new Set<string>();

  async function query(id: string, text: string, values: unknown[]): Promise<unknown> {
    if (ALTERS.test(text) && !text.startsWith(CLOCK)) altered.add(id);
    // Several statements in one text come back as a list of results.
    return [await benchOf(id).client.query(text, values)].flat().at(-1)?.rows ?? [];
  }

  async function handOn(ids: readonly string[]): Promise<null> {
    for (const id of ids.filter((each) => !altered.has(each))) {
      const bench = benchOf(id);
      await bench.client.query(clock);
      await clear(bench);
      spare.push(id);
    }
    return null;
  }

  const lockers = new Map<string, Client>();

  async function lock(id: string, taskId: string): Promise<null> {
    const locker = new Client({ connectionString: postgres.url(id) });
    locker.on('error', () => undefined);
    await locker.connect();
    lockers.set(id, locker);
    await locker.query('begin');
    await locker.query('select from tasks where task_id = $1 for update', [taskId]);
    return null;
  }

  async function unlock(id: string): Promise<null> {
    await lockers.get(id)?.end();
    return null;
  }

  const benchOf = (id: string): Bench => {
    const bench = benches.get(id);
    if (bench === undefined) throw new Error(`No test database ${id}`);
    return bench;
  };

  async function serve(call: TestBedCall): Promise<unknown> {
    switch (call.call) {
      case 'open':
        return open(call.ordinaryRole);
      case 'handOn':
        return handOn(call.ids);
      case 'query':
        return query(call.id, call.text, call.values);
      case 'lock':
        return lock(call.id, call.taskId);
      case 'unlock':
        return unlock(call.id);
      case 'inject': {
        const { toPostgres, toGateway, behindGateway } = benchOf(call.id);
        for (const proxy of [toPostgres, toGateway]) await proxy.inject(call.fault, call.extent);
        // The gateway's connections are older than what a test may have changed on the server.
        await behindGateway.inject('none');
        return sleep(NOTICE_MS, null);
      }
      case 'counts':
        return countsOf(benchOf(call.id));
    }
  }

  const server = createServer((request, response) => {
    void read(request)
      .then(serve)
      .then((result) => response.end(JSON.stringify(result)))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  // A test that waits for a script blocks its process, which then writes to a connection that was closed meanwhile.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      for (const { client, gateway, toPostgres, toGateway, behindGateway } of benches.values()) {
        for (const proxy of [toPostgres, toGateway, behindGateway]) await proxy.stop();
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

/** The connections that the service made, and the statements that arrived at the database on either way. */
function countsOf({ toPostgres, toGateway, behindGateway }: Bench): FaultProxy['counts'] {
  return {
    connections: toPostgres.counts.connections + toGateway.counts.connections,
    statements: toPostgres.counts.statements + behindGateway.counts.statements,
  };
}

/** Runs one text over a connection of its own: a database that is copied may have none. */
export async function ask<Row extends QueryResultRow>(url: string, text: string): Promise<QueryResult<Row>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const result = await client.query<Row>(text);
  await client.end();
  return result;
}

async function createOrdinaryRole(template: string): Promise<void> {
  const { name, password } = ORDINARY_ROLE;
  await ask(
    template,
    `
    create role ${name} login password '${password}';
    grant select, insert, update, delete on tasks to ${name};
    grant select, insert, update, delete on idempotency_keys to ${name};
    grant select, insert, update, delete on task_counters, task_events, attempts, archived_tasks, log_state, log_floors to ${name};
    grant select, insert, update, delete on projects, task_needs, artifact_producers, artifacts, cascades_left to ${name};
    grant select, insert, update, delete on id_counters, id_floors, id_reservations to ${name};
    grant select, insert, update, delete on deleted_tasks, task_notes, task_labels, task_search to ${name};
    grant usage on all sequences in schema public to ${name}`,
  );
}

/** The statement that sets the clock of a database as it was. */
async function clockOf(template: string): Promise<string> {
  const { rows } = await ask<{ definition: string }>(
    template,
    `select pg_get_functiondef('task_clock'::regproc) as definition`,
  );
  return rows.map(({ definition }) => definition).join();
}

async function admit(client: Client, id: string, { statementTimeout }: OrdinaryRole): Promise<void> {
  const { name } = ORDINARY_ROLE;
  await client.query(`alter role ${name} in database ${id} set statement_timeout = ${statementTimeout}`);
}

function asOrdinaryRole(url: string): string {
  const changed = new URL(url);
  changed.username = ORDINARY_ROLE.name;
  changed.password = ORDINARY_ROLE.password;
  return changed.href;
}

/** The gateway asks for a timeout of its own, which goes before the role's unless its URL has another. */
function gatewaysUrl(url: string, port: number, role: OrdinaryRole | undefined): string {
  const changed = new URL(withPort(url, port));
  // A plan for each of the first five values takes longer than the statements of most tests.
  changed.searchParams.set('options', '-c plan_cache_mode=force_generic_plan');
  if (role !== undefined) changed.searchParams.set('statement_timeout', String(role.statementTimeout));
  return changed.href;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
