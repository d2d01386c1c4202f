import { readFile } from 'node:fs/promises';
import type { NewTask } from '../../client/index.ts';
import { Problem } from '../local/problem.ts';

/** A list as it is: the service refuses what are no tasks. Rejects with a Problem. */
export async function readTasks(file: string): Promise<NewTask[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Problem(`${file} cannot be read`);
  });
  const tasks = parse(text)?.tasks;
  if (!Array.isArray(tasks) || tasks.length === 0) {
    throw new Problem(`${file} must hold {"tasks": [...]} with at least one task`);
  }
  return tasks;
}

function parse(text: string): { tasks?: unknown } | null {
  try {
    // The service refuses what is no such object, since it has no tasks.
    return JSON.parse(text) as { tasks?: unknown } | null;
  } catch {
    return null;
  }
}

/** The inputs that no task of the list makes, each once. */
export function externalInputs(tasks: readonly NewTask[]): string[] {
  const made = new Set(tasks.flatMap(({ expected_outputs = [] }) => expected_outputs));
  const needed = new Set(tasks.flatMap(({ inputs = [] }) => inputs));
  return [...needed].filter((name) => !made.has(name));
}
