import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MultiBar, Presets } from 'cli-progress';
import type { Client, NewTask } from '../client/index.ts';
import { addInBatches, problemOf, timedClient } from './demo/service-client.ts';
import { Problem, runMain } from './local/problem.ts';
import { asTyped } from './local/working-directory.ts';

const USAGE = `npm run demo -- [PATH] [--project ID] [--url http://localhost:8080] [--key API_KEY]

Adds the task list in PATH, {"tasks": [...]}, to a project of a running service and works through it as an
agent would. Without PATH it takes a small sample list, without --project a new project. The key may
also come in the variable API_KEY, where other users of the machine do not see it.`;

const SAMPLE = path.join(import.meta.dirname, 'demo', 'sample-tasks.json');

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        project: { type: 'string', default: `demo-${Date.now()}` },
        url: { type: 'string', default: 'http://localhost:8080' },
        key: { type: 'string', default: process.env['API_KEY'] ?? '' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : 'Bad arguments'}\n\n${USAGE}`);
  }
}

/** A list as it is: the service refuses what are no tasks. */
async function readTasks(file: string): Promise<NewTask[]> {
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

/** Shows progress: lines above a bar on a terminal, plain lines elsewhere. */
function startProgress(total: number) {
  const options = { format: '{bar} {value} of {total} tasks', linewrap: null, noTTYOutput: true };
  const bars = new MultiBar({ ...options, barsize: 40, notTTYSchedule: 86_400_000 }, Presets.shades_classic);
  const bar = bars.create(total, 0);
  const print = (line: string) => {
    if (!process.stdout.isTTY) return console.log(line);
    bars.log(`${line}\n`);
    bars.update();
  };
  return { print, advance: () => bar.increment(), stop: () => bars.stop() };
}

/** Takes one task after another until none is pending; resolves with their number. */
async function work(client: Client, project: string, pending: number): Promise<number> {
  const progress = startProgress(pending);
  let done = 0;
  for (;;) {
    const { task } = await client.getNextTask({ project });
    if (task === null) break;
    const { task_id } = task;
    await client.updateTaskStatus({ task_id, project, status: 'in_progress' });
    const completion_notes = `Done by the demo, number ${done + 1}`;
    await client.updateTaskStatus({ task_id, project, status: 'completed', completion_notes });
    done += 1;
    progress.print(`${task_id}  pending → in_progress → completed  ${task.description}`);
    progress.advance();
  }
  progress.stop();
  return done;
}

async function countPending(client: Client, project: string): Promise<number> {
  let count = 0;
  for await (const _ of client.tasks({ project, status: 'pending' })) count += 1;
  return count;
}

function quantile(durations: readonly number[], share: number): string {
  const sorted = durations.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return `${value.toFixed(1)} ms`;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(USAGE);
  const file = positionals[0] === undefined ? SAMPLE : asTyped(positionals[0]);
  const tasks = await readTasks(file);
  await demonstrate(tasks, values).catch((error: unknown) => {
    throw problemOf(error, values.url);
  });
}

async function demonstrate(
  tasks: readonly NewTask[],
  { project, url, key }: { project: string; url: string; key: string },
): Promise<void> {
  const pending = tasks.filter(({ status = 'pending' }) => status === 'pending').length;
  const { client, durations } = timedClient(url, key);
  console.log(`Adding ${tasks.length} tasks to project ${project}, ${pending} of them pending`);
  await addInBatches(
    client,
    tasks.map((task) => ({ ...task, project_id: project })),
  );
  const began = performance.now();
  const worked = await work(client, project, pending);
  const seconds = (performance.now() - began) / 1_000;
  printTable([
    ['tasks added', String(tasks.length)],
    ['tasks worked through', String(worked)],
    ['tasks still pending', String(await countPending(client, project))],
    ['requests sent', String(durations.length)],
    ['median answer', quantile(durations, 0.5)],
    ['slowest answer', quantile(durations, 1)],
    ['time taken', `${seconds.toFixed(2)} s`],
  ]);
}

function printTable(rows: readonly (readonly [string, string])[]): void {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => '─'.repeat(width + 2));
  console.log(`┌${rule.join('┬')}┐`);
  for (const [what, value] of rows) {
    console.log(`│ ${what.padEnd(widths[0] ?? 0)} │ ${value.padStart(widths[1] ?? 0)} │`);
  }
  console.log(`└${rule.join('┴')}┘`);
}

await runMain(main);
