import { Agent, request } from 'node:http';
import { createApiKey } from '../../src/auth/api-key.ts';

/** The key that the Workers under measurement know. */
export const BENCH_KEY = createApiKey();

/** One request of a measurement. */
export interface BenchRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** The Idempotency-Key to send with it. */
  readonly key?: string;
}

/** What came back, with the time it took. */
export interface BenchAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends requests over at most that many connections, which stay open. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #port: number;
  readonly #credential: string;

  /** Sends the key of the bench with every request, or another credential. */
  constructor(port: number, connections: number, credential = BENCH_KEY) {
    this.#port = port;
    this.#credential = credential;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects where the connection fails, or is cut after so many milliseconds. */
  send(
    { method, path, body, key }: BenchRequest,
    { cutAfterMs }: { cutAfterMs?: number } = {},
  ): Promise<BenchAnswer> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.#credential}`,
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers };
    return new Promise((resolve, reject) => {
      let cut: NodeJS.Timeout | undefined;
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          // The connection serves the next request from here on.
          clearTimeout(cut);
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      });
      sent.on('error', reject);
      sent.end(content);
      if (cutAfterMs !== undefined) {
        cut = setTimeout(() => sent.destroy(new Error('The connection was cut')), cutAfterMs);
      }
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
