import { Problem } from '../local/problem.ts';

/** An answer with its body parsed; an empty object if that is no JSON object. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Names the answer in a sentence, with its request_id. */
  readonly told: string;
}

/** The run's credential, one that no service knows, or none. */
export type Presented = 'own' | 'wrong' | 'none';

/** Longer than any answer takes, even over a dead database. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Sends requests to a deployment as any outsider could. */
export class SmokeClient {
  readonly #url: URL;
  readonly #key: string | undefined;

  constructor(url: URL, key: string | undefined) {
    this.#url = url;
    this.#key = key;
  }

  get(path: string, presented?: Presented): Promise<Answer> {
    return this.#send('GET', path, undefined, presented);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.#send('PUT', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.#send('DELETE', path);
  }

  async #send(method: string, path: string, body?: unknown, presented: Presented = 'own'): Promise<Answer> {
    const credential = { own: this.#key, wrong: 'no-such-key', none: undefined }[presented];
    const answer = await this.#fetch(path, {
      method,
      headers: {
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Another host is not the one to check.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const content = objectIn(await answer.text());
    const { error = 'no error', request_id = answer.headers.get('x-request-id') ?? 'none' } = content;
    const told = `${method} ${path} was answered ${answer.status}, ${String(error)} (request ${String(request_id)})`;
    return { status: answer.status, body: content, told };
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#url), init);
    } catch {
      throw new Problem(`No service answers on ${this.#url.origin}`);
    }
  }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    // An object other than null has fields by name.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
