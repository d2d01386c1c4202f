import { Problem } from '../local/problem.ts';

export interface DemoTask {
  readonly task_id: string;
  readonly description: string;
  readonly generator_name: string | null;
}

/** A task list as sent; only the project does not come from the file. */
export type TaskToAdd = Readonly<Record<string, unknown>>;

const TASKS_PER_BATCH = 500;
/** Longer than any answer takes, even over a dead database. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Calls a running service as an agent's tools would. */
export class ServiceClient {
  /** Milliseconds from request to answer, in order. */
  readonly durations: number[] = [];
  readonly #url: string;
  readonly #project: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** An empty key is not sent: a local service may need none. */
  constructor(url: string, project: string, key: string) {
    this.#url = url;
    this.#project = project;
    this.#headers = key === '' ? {} : { authorization: `Bearer ${key}` };
  }

  async add(tasks: readonly TaskToAdd[]): Promise<void> {
    for (let start = 0; start < tasks.length; start += TASKS_PER_BATCH) {
      const part = tasks.slice(start, start + TASKS_PER_BATCH);
      await this.#send('POST', '/tasks/batch', {
        tasks: part.map((task) => ({ ...task, project_id: this.#project })),
      });
    }
  }

  /** Resolves with null when no task is pending. */
  async next(): Promise<DemoTask | null> {
    const { task } = await this.#send('GET', `/tasks/next?project=${encodeURIComponent(this.#project)}`);
    // GET /tasks/next always answers with a task or null.
    return task as DemoTask | null;
  }

  async countPending(): Promise<number> {
    let count = 0;
    let cursor: unknown = null;
    do {
      const from = cursor === null ? '' : `&cursor=${String(cursor)}`;
      const path = `/tasks?project=${encodeURIComponent(this.#project)}&status=pending${from}`;
      const page = await this.#send('GET', path);
      count += Number(page['count']);
      cursor = page['next_cursor'];
    } while (cursor !== null);
    return count;
  }

  async start(task: DemoTask): Promise<void> {
    await this.#move(task, { status: 'in_progress' });
  }

  async complete(task: DemoTask, notes: string): Promise<void> {
    await this.#move(task, { status: 'completed', completion_notes: notes });
  }

  #move({ task_id }: DemoTask, body: unknown): Promise<Record<string, unknown>> {
    const path = `/tasks/${task_id}/status?project=${encodeURIComponent(this.#project)}`;
    return this.#send('PUT', path, body);
  }

  async #send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const began = performance.now();
    const answer = await this.#fetch(method, path, body);
    this.durations.push(performance.now() - began);
    // Every answer of the service is a JSON object.
    const content = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) return content;
    throw new Problem(`${method} ${path} was answered ${answer.status}: ${String(content['error'])}`);
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    const content =
      body === undefined
        ? { headers: this.#headers }
        : {
            headers: { ...this.#headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          };
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      return await fetch(new URL(path, this.#url), { method, signal, ...content });
    } catch {
      throw new Problem(`No service answers on ${this.#url}: start one with npm start, or pass --url`);
    }
  }
}
