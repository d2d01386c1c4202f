import { Problem } from '../local/problem.ts';
import type { Answer, SmokeClient } from './client.ts';

/** Deletes every task that it adds. */
export class SmokeTasks {
  readonly #client: SmokeClient;
  readonly #project: string;
  /** Noted before a task is sent, because an answer can get lost. */
  readonly #ids = new Set<string>();
  #number = Date.now();

  constructor(client: SmokeClient, project: string) {
    this.#client = client;
    this.#project = project;
  }

  /** Adds a pending task; resolves with its id. */
  async add(): Promise<string> {
    const task_id = `SMOKE-${this.#number}`;
    this.#number += 1;
    this.#ids.add(task_id);
    const task = { task_id, project_id: this.#project, description: 'Shows that the deployment works' };
    await expectOk(this.#client.post('/tasks/batch', { tasks: [task] }));
    return task_id;
  }

  read(id: string): Promise<Answer> {
    return this.#client.get(this.#pathOf(id));
  }

  move(id: string, body: { status: string; reset?: boolean }): Promise<Answer> {
    return this.#client.put(this.#pathOf(id, '/status'), body);
  }

  /** Deletes every task of the run for good; resolves with their number, rejects if one is or may be left. */
  async deleteAll(): Promise<number> {
    const left: string[] = [];
    let why = '';
    for (const id of this.#ids) {
      const problem = await this.#problemOfDeleting(id);
      if (problem !== undefined) left.push(id);
      why = problem ?? why;
    }
    if (left.length === 0) return this.#ids.size;
    throw new Problem(`project ${this.#project} may still have ${left.join(', ')}: ${why}`);
  }

  async #problemOfDeleting(id: string): Promise<string | undefined> {
    try {
      const { status, told } = await this.#client.delete(`${this.#pathOf(id)}&purge=true`);
      return status === 200 || status === 404 ? undefined : told;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #pathOf(id: string, rest = ''): string {
    return `/tasks/${id}${rest}?project=${encodeURIComponent(this.#project)}`;
  }
}

/** The answer if it is a success; otherwise throws a Problem. */
export async function expectOk(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== 200) throw new Problem(answer.told);
  return answer;
}
