import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../scripts/local/worker-build.ts';
import type { LogLine } from '../../src/http/middleware/request-log.ts';
import { commandFor } from './run-command.ts';

/** `npm start`, in a process group of its own as a terminal would give it. */
export interface RunningService {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** The request log among it. */
  log(): LogLine[];
  /** Resolves with the exit code, or the signal, of npm. */
  readonly exited: Promise<number | string>;
  /** Signals the whole group, as Ctrl-C does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Kills what is left of the group, if anything is. */
  endGroup(): void;
}

const START_TIMEOUT_MS = 100_000;

/** Runs npm start and resolves once it is ready, or has ended. */
export async function npmStart(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const [command, words] = commandFor('start', args);
  const child = spawn(command, words, {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  let ended = false;
  const exited = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      ended = true;
      resolve(signal ?? code ?? 0);
    });
  });
  const signalGroup = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  const patience = Date.now() + START_TIMEOUT_MS;
  while (!(ended || output.includes('is ready on'))) {
    if (Date.now() > patience) {
      signalGroup('SIGTERM');
      throw new Error(`npm start takes too long:\n${output}`);
    }
    await sleep(50);
  }
  const port = args[args.indexOf('--port') + 1];
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    log: () => logLinesIn(output),
    exited,
    signalGroup,
    endGroup() {
      if (!ended) signalGroup('SIGKILL');
    },
  };
}

function logLinesIn(output: string): LogLine[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{"timestamp"'));
  // Only the service prints lines that begin so.
  return lines.map((line) => JSON.parse(line) as LogLine);
}
