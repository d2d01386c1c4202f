import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { Problem } from './problem.ts';

export interface Gateway {
  /** The DATABASE_URL of a Worker with the neon driver. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** Callers must present it: any web page open on this machine could call otherwise. */
  readonly password: string;
  readonly poolSize?: number;
  readonly patience?: GatewayPatience;
}

/** In milliseconds. */
export interface GatewayPatience {
  /** For a connection, a free place in the pool included. */
  readonly connect: number;
  /** The `statement_timeout` of each connection. */
  readonly statement: number;
}

const POOL_SIZE = 25;
const IDLE_MS = 5 * 60_000;
/** The statement's is below the Worker's patience with a write, so that a slow one ends with a certain outcome. */
const PATIENCE: GatewayPatience = { connect: 1_500, statement: 4_000 };
/** What the statements are written for, whatever the database or the role asks for. */
const ISOLATION = '-c default_transaction_isolation=read\\ committed';
/** The fields of a server error that Neon's driver reads. */
const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

interface Query {
  readonly query: string;
  readonly params: readonly unknown[];
}

/**
 * Serves Neon's HTTP protocol (POST /sql) on a loopback port. Without its pool, Postgres would fork for each request.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const patience = options.patience ?? PATIENCE;
  const pool = new Pool({
    connectionString: withOption(options.databaseUrl, ISOLATION),
    max: options.poolSize ?? POOL_SIZE,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: patience.connect,
    statement_timeout: patience.statement,
    // For a connection that the network forgot: nobody on the other side ends its statement.
    query_timeout: 2 * patience.statement,
    keepAlive: true,
  });
  pool.on('error', () => undefined);
  // The pool listens to idle connections only; one that breaks in use would end this process and PostgreSQL.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const server = createServer((request, response) => void answer(pool, options, request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Problem('The gateway has no port');
  return {
    url: `postgres://gateway:${options.password}@127.0.0.1:${address.port}/database`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await pool.end();
    },
  };
}

/** Adds to the server settings of the connection string or, without any, the environment (libpq's `options`). */
function withOption(databaseUrl: string, option: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? process.env['PGOPTIONS'] ?? '';
  url.searchParams.set('options', `${given} ${option}`.trim());
  return url.href;
}

async function answer(
  pool: Pool,
  { password }: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (request.method !== 'POST' || request.url !== '/sql') return send(404, { message: 'POST /sql' });
  if (!isAllowed(request, password)) return send(403, { message: 'wrong password' });
  try {
    send(200, await execute(pool, parseQuery(await bodyOf(request))));
  } catch (error) {
    send(400, describe(error));
  }
}

function isAllowed(request: IncomingMessage, password: string): boolean {
  const header = request.headers['neon-connection-string'];
  if (typeof header !== 'string' || !URL.canParse(header)) return false;
  const presented = Buffer.from(new URL(header).password);
  const expected = Buffer.from(password);
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseQuery(body: string): Query {
  const { query, params } = JSON.parse(body) as Partial<Query>;
  if (typeof query !== 'string' || !Array.isArray(params)) throw new Error('query and params are needed');
  return { query, params };
}

/** Neon's driver asks for texts and parses them itself. */
async function execute(pool: Pool, { query, params }: Query) {
  const client = await connectTo(pool);
  let broken: Error | undefined;
  try {
    const { command, rowCount, rows, fields } = await client.query({
      name: nameOf(query),
      text: query,
      values: [...params],
      rowMode: 'array',
      types: { getTypeParser: () => String },
    });
    return { command, rowCount, rows, fields, rowAsArray: true };
  } catch (error) {
    if (error instanceof DatabaseError && error.severity !== 'FATAL') throw error;
    broken = error instanceof Error ? error : new Error(String(error));
    throw new ConnectionFailure('08006', broken);
  } finally {
    client.release(broken);
  }
}

/** A name lets a connection parse and plan each text once, which takes longer than to execute it. */
function nameOf(query: string): string {
  return createHash('sha256').update(query).digest('hex').slice(0, 32);
}

async function connectTo(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new ConnectionFailure('08001', error);
  }
}

/** A failed connection, with the SQLSTATE that says whether a statement may have been sent. */
class ConnectionFailure extends Error {
  readonly code: '08001' | '08006';

  constructor(code: '08001' | '08006', cause: unknown) {
    super(cause instanceof Error ? cause.message : 'connection failure', { cause });
    this.code = code;
  }
}

function describe(error: unknown): Record<string, unknown> {
  if (error instanceof ConnectionFailure) return { message: error.message, code: error.code };
  if (!(error instanceof DatabaseError)) return { message: 'bad request', code: '42601' };
  const known = ERROR_FIELDS.map((field) => [field, error[field]] as const);
  return { message: error.message, ...Object.fromEntries(known) };
}
