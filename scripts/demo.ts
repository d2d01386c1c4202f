import path from 'node:path';
import type { Client, NewTask } from '../client/index.ts';
import { work } from './demo/agent.ts';
import { addInBatches, problemOf, SERVICE_OPTIONS, timedClient } from './demo/service-client.ts';
import { externalInputs, readTasks } from './demo/task-list.ts';
import { runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';
import { asTyped } from './local/working-directory.ts';

const USAGE = `npm run demo -- [PATH] [--inputs] [--anew] [--fail TASK_ID] [--project ID]
                [--url http://localhost:8080] [--key API_KEY]

Adds the task list in PATH, {"tasks": [...]}, to a project of a running service and works through it as an
agent would. Without PATH it takes a small sample list, without --project a new project. The key may
also come in the variable API_KEY, where other users of the machine do not see it.

--inputs  a task waits for the tasks that make its inputs; shows how many are ready, blocked and stuck.
          Inputs that no task makes are provided first. Takes a key with the scope admin
--anew    adds each task as pending, as if nothing of the list were done
--fail    fails this task, so that what needs it is stuck`;

const SAMPLE = path.join(import.meta.dirname, 'demo', 'sample-tasks.json');

const readTyped = () =>
  readArguments(USAGE, {
    allowPositionals: true,
    options: {
      inputs: { type: 'boolean', default: false },
      anew: { type: 'boolean', default: false },
      fail: { type: 'string' },
      project: { type: 'string', default: `demo-${Date.now()}` },
      ...SERVICE_OPTIONS,
      help: { type: 'boolean', default: false },
    },
  });

type Options = ReturnType<typeof readTyped>['values'];

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
  const { values, positionals } = readTyped();
  if (values.help) return console.log(USAGE);
  const file = positionals[0] === undefined ? SAMPLE : asTyped(positionals[0]);
  const listed = await readTasks(file);
  const tasks = values.anew ? listed.map((task) => ({ ...task, status: 'pending' as const })) : listed;
  await demonstrate(tasks, values).catch((error: unknown) => {
    throw problemOf(error, values.url);
  });
}

async function demonstrate(tasks: readonly NewTask[], options: Options): Promise<void> {
  const { project, url, key, inputs: showsCounts, fail } = options;
  const pending = tasks.filter(({ status = 'pending' }) => status === 'pending').length;
  const { client, durations } = timedClient(url, key);
  console.log(`Adding ${tasks.length} tasks to project ${project}, ${pending} of them pending`);
  if (showsCounts) await letInputsCount(client, project, tasks);
  await addInBatches(
    client,
    tasks.map((task) => ({ ...task, project_id: project })),
  );
  const began = performance.now();
  const worked = await work(client, { project, pending, fail, showsCounts });
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

/** Lets tasks wait for what makes their inputs, and provides those inputs that nothing of the list makes. */
async function letInputsCount(client: Client, project: string, tasks: readonly NewTask[]): Promise<void> {
  await client.putProject({ project_id: project, readiness: 'inputs' });
  for (const name of externalInputs(tasks)) {
    console.log(`Providing ${name}, which no task of the list makes`);
    await client.provideArtifact({ name, project });
  }
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
