import { Agent, request } from 'node:http';
import { createApiKey } from '../../src/auth/api-key.ts';

/** The key that the measured Workers know. */
export const BENCH_KEY = createApiKey();

export interface BenchRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
}

export interface BenchAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends requests over at most that many lasting connections. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #port: number;
  readonly #credential: string;

  /** Uses the bench's key unless another credential is given. */
  constructor(port: number, connections: number, credential = BENCH_KEY) {
    this.#port = port;
    this.#credential = credential;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects when the connection fails, or is cut after that many milliseconds. */
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
