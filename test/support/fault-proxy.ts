import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../scripts/local/free-port.ts';

/** What the proxy does to a connection. */
export type Fault =
  /** Passes everything on. */
  | 'none'
  /** Nobody listens. */
  | 'refused'
  /** The connection is accepted and reset at once. */
  | 'reset'
  /** The connection is reset when the statement is sent, which therefore never arrives. */
  | 'reset_before_statement'
  /** The statement is carried out; the connection is reset in the middle of its answer. */
  | 'reset_in_answer'
  /** The statement is carried out, its answer is dropped and the connection reset. */
  | 'answer_lost'
  /** The connection is accepted and nothing ever comes back. */
  | 'black_hole'
  /** Everything passes but for the answer to the statement, which never comes. */
  | 'black_hole_after_statement'
  /** Everything passes, the answer to the statement late. */
  | 'delay';

/** How long a fault lasts and how strong it is. */
export interface FaultExtent {
  /** Only that many connections from now on have it, then none; all without a number. */
  readonly times?: number;
  /** How late a delayed answer comes, in milliseconds. */
  readonly delay?: number;
}

export interface FaultProxy {
  readonly port: number;
  /** Cuts what is open and applies a fault to the connections that follow. */
  inject(fault: Fault, extent?: FaultExtent): Promise<void>;
  /** How many connections were made and how many statements were passed on. */
  readonly counts: { connections: number; statements: number };
  stop(): Promise<void>;
}

/**
 * 'P' begins both the Parse message of Postgres (manual, section 54.7) and the POST of Neon's protocol, 'B' the Bind
 * message, which comes alone where the connection knows the statement.
 */
const STATEMENT: ReadonlySet<number | undefined> = new Set([...'PB'].map((letter) => letter.charCodeAt(0)));

/** Time for what was written to arrive: a reset overtakes what the peer has not read. */
const FLUSH_MS = 20;

/** So much of an answer that it has begun and not ended: past the head of HTTP, short of Postgres' last message. */
function firstPart(answer: Buffer): Buffer {
  return answer.subarray(0, Math.floor(answer.length * 0.9));
}

/** Stands between a Worker and its database, or its gateway, and fails in one particular way. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const counts = { connections: 0, statements: 0 };
  const open = new Set<Socket>();
  let current: Fault = 'none';
  let left = Number.POSITIVE_INFINITY;
  let delay = 0;

  const nextFault = (): Fault => {
    if (left <= 0) return 'none';
    left -= 1;
    return current;
  };
  const server = createServer((client) => {
    counts.connections += 1;
    serve({ client, fault: nextFault(), delay, targetPort, counts, open });
  });
  const port = await freePort();
  await listen(server, port);
  return {
    port,
    counts,
    async inject(fault, extent = {}) {
      current = fault;
      left = extent.times ?? Number.POSITIVE_INFINITY;
      delay = extent.delay ?? 0;
      // What is open already belongs to the time before the fault.
      for (const socket of open) socket.destroy();
      if (fault === 'refused' && server.listening) await close(server);
      if (fault !== 'refused' && !server.listening) await listen(server, port);
    },
    async stop() {
      for (const socket of open) socket.destroy();
      if (server.listening) await close(server);
    },
  };
}

interface Connection {
  readonly client: Socket;
  readonly fault: Fault;
  readonly delay: number;
  readonly targetPort: number;
  readonly counts: FaultProxy['counts'];
  readonly open: Set<Socket>;
}

function serve({ client, fault, delay, targetPort, counts, open }: Connection): void {
  keep(client, open);
  if (fault === 'reset') return void client.resetAndDestroy();
  if (fault === 'black_hole') return;
  const target = connect(targetPort, '127.0.0.1');
  keep(target, open);
  let sent = false;
  // What follows before there is an answer, such as Bind in a packet of its own, belongs to the same statement.
  let isUnderWay = false;
  const cut = () => {
    client.resetAndDestroy();
    target.destroy();
  };
  client.on('data', (chunk) => {
    const isStatement = STATEMENT.has(chunk[0]) && !isUnderWay;
    if (isStatement && fault === 'reset_before_statement') return cut();
    if (isStatement) counts.statements += 1;
    sent ||= isStatement;
    isUnderWay ||= isStatement;
    target.write(chunk);
  });
  target.on('data', (chunk) => {
    isUnderWay = false;
    if (sent && fault === 'answer_lost') return cut();
    if (sent && fault === 'black_hole_after_statement') return;
    if (sent && fault === 'reset_in_answer')
      return void client.write(firstPart(chunk), () => setTimeout(cut, FLUSH_MS));
    if (sent && fault === 'delay') return void setTimeout(() => client.write(chunk), delay);
    client.write(chunk);
  });
  client.on('close', () => target.destroy());
  target.on('close', () => client.destroy());
}

function keep(socket: Socket, open: Set<Socket>): void {
  open.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('close', () => open.delete(socket));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
