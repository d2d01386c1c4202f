import { MultiBar, Presets } from 'cli-progress';
import type { Client } from '../../client/index.ts';

export interface Job {
  readonly project: string;
  /** How many tasks there are to work through. */
  readonly pending: number;
  /** The task that fails; undefined where all are completed. */
  readonly fail: string | undefined;
  /** Shows after each task how many are ready, blocked and stuck. */
  readonly showsCounts: boolean;
}

/** Shows progress: lines above a bar on a terminal, plain lines elsewhere. */
function startProgress(total: number) {
  const format = '{bar} {value} of {total} tasks{counts}';
  const options = { format, linewrap: null, noTTYOutput: true, notTTYSchedule: 86_400_000 };
  const bars = new MultiBar({ ...options, barsize: 40 }, Presets.shades_classic);
  const bar = bars.create(total, 0, { counts: '' });
  const print = (line: string, counts: string) => {
    bar.increment(1, { counts: counts && `: ${counts}` });
    if (!process.stdout.isTTY) return console.log(counts ? `${line}  (${counts})` : line);
    bars.log(`${line}\n`);
    bars.update();
  };
  return { print, stop: () => bars.stop() };
}

/** Takes one task after another until none is ready; resolves with how many it completed. */
export async function work(client: Client, { project, pending, fail, showsCounts }: Job): Promise<number> {
  const progress = startProgress(pending);
  let done = 0;
  for (;;) {
    const { task } = await client.getNextTask({ project });
    if (task === null) break;
    const { task_id, description } = task;
    await client.updateTaskStatus({ task_id, project, status: 'in_progress' });
    const status = task_id === fail ? 'failed' : 'completed';
    const end =
      status === 'failed'
        ? { error: 'Failed by the demo' }
        : { completion_notes: `Done by the demo, number ${done + 1}` };
    await client.updateTaskStatus({ task_id, project, status, ...end });
    if (status === 'completed') done += 1;
    const counts = showsCounts ? await countsOf(client, project) : '';
    progress.print(`${task_id}  pending → in_progress → ${status}  ${description}`, counts);
  }
  progress.stop();
  return done;
}

async function countsOf(client: Client, project_id: string): Promise<string> {
  const { ready, blocked, stuck } = (await client.getProject({ project_id })).counts;
  return `${ready} ready, ${blocked} blocked, ${stuck} stuck`;
}
