import { spawn } from 'node:child_process';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { commandFor } from './run-command.ts';

/** What a script of package.json came to. */
export interface ScriptRun {
  readonly status: number | null;
  /** What it printed on both streams. */
  readonly output: string;
}

export interface ScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Told of everything that it printed so far; may signal the process group that it runs in. */
  readonly onOutput?: (output: string, signalGroup: (signal: NodeJS.Signals) => void) => void;
}

/**
 * Runs a script of package.json to its end, in a process group of its own as a terminal would give it. Not spawnSync:
 * nobody would read the log of a service meanwhile, and a full pipe would stop the service.
 */
export function runScript(
  name: string,
  args: readonly string[],
  { env = {}, onOutput = () => undefined }: ScriptOptions = {},
): Promise<ScriptRun> {
  return new Promise((resolve) => {
    const [command, words] = commandFor(name, args);
    const run = spawn(command, words, {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const signalGroup = (signal: NodeJS.Signals) => {
      if (run.pid !== undefined) process.kill(-run.pid, signal);
    };
    let output = '';
    for (const stream of [run.stdout, run.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        onOutput(output, signalGroup);
      });
    }
    run.once('close', (status) => resolve({ status, output }));
  });
}
