import { type Client, createClient, type NewTask, TaskTrackerError } from '../../client/index.ts';
import { Problem } from '../local/problem.ts';

const TASKS_PER_BATCH = 500;

/** How a script is told which service it asks. */
export const SERVICE_OPTIONS = {
  url: { type: 'string', default: 'http://localhost:8080' },
  key: { type: 'string', default: process.env['API_KEY'] ?? '' },
} as const;

export interface TimedClient {
  readonly client: Client;
  /** Milliseconds from request to answer, in order. */
  readonly durations: readonly number[];
}

/** A client that notes how long each answer took; an empty key is not sent, for a local service may need none. */
export function timedClient(baseUrl: string, key: string): TimedClient {
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) throw new Problem(`${baseUrl} is no HTTP URL`);
  const durations: number[] = [];
  const timedFetch = async (url: string, init: RequestInit) => {
    const began = performance.now();
    const answer = await fetch(url, init);
    durations.push(performance.now() - began);
    return answer;
  };
  return { client: createClient({ baseUrl, key, fetch: timedFetch }), durations };
}

export async function addInBatches(client: Client, tasks: readonly NewTask[]): Promise<void> {
  for (let start = 0; start < tasks.length; start += TASKS_PER_BATCH) {
    await client.addTasks({ tasks: tasks.slice(start, start + TASKS_PER_BATCH) });
  }
}

/** What the person at the terminal can do about an error of a service's client. */
export function problemOf(error: unknown, url: string): unknown {
  if (!(error instanceof TaskTrackerError)) return error;
  return new Problem(
    error.status === undefined
      ? `No service answers on ${url}: start one with npm start, or pass --url`
      : `The service answered ${error.status}: ${error.message}`,
  );
}
