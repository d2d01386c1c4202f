import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Progress } from './progress.ts';
import { isExpectedNoise } from './workerd-noise.ts';

/** A command that tells its progress by process.send, and how long it may take. */
export interface SupervisedRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which a run that has not ended is killed. */
  readonly limit: number;
  /** Milliseconds that the process may take to be gone once it has said that it exits. */
  readonly exitPatience: number;
  readonly print: (line: string) => void;
  /** Calls back after that many milliseconds, unless what it returns is called before. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void;
}

/** A run that is under way. */
export interface Supervised {
  readonly exitCode: Promise<number>;
  /** The files and tests that have begun and not ended. */
  readonly running: ReadonlySet<string>;
}

const LONGEST_LIST = 20;

/**
 * Runs a command in a process group of its own and tells its exit code. A run that reaches its limit is
 * killed, with the names of what was running printed, and its exit code is 1. A process that has said with which code it
 * exits and then stays is killed as well, and that code stands: it was seen to spin in Node's own clean-up.
 */
export function supervise(run: SupervisedRun): Supervised {
  const child = spawn(run.command, run.args, {
    detached: true,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [child.stdout, child.stderr]) printWithoutNoise(output, run.print);
  const forward = forwardSignals(child);
  const running = new Set<string>();
  let verdict: number | undefined;
  const timers = [
    run.startTimer(run.limit, () => {
      verdict = 1;
      run.print(sentenceAtLimit(run.limit, running));
      killGroup(child, 'SIGKILL');
    }),
  ];

  child.on('message', (message) => {
    // Only progress-reporter.ts, in the process that was started here, sends messages.
    const progress = message as Progress;
    if (progress.kind === 'begin') running.add(progress.name);
    if (progress.kind === 'end') running.delete(progress.name);
    if (progress.kind !== 'exit') return;
    const { code } = progress;
    timers.push(
      run.startTimer(run.exitPatience, () => {
        verdict ??= code;
        run.print(`The run had ended with ${code}, but its process did not: it was killed`);
        killGroup(child, 'SIGKILL');
      }),
    );
  });

  const exitCode = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    // Not 'exit': what was printed last is to be read first.
    child.once('close', (code) => {
      for (const stop of timers) stop();
      forward.stop();
      resolve(verdict ?? code ?? 1);
    });
  });
  return { exitCode, running };
}

function printWithoutNoise(output: Readable | null, print: (line: string) => void): void {
  if (output === null) return;
  createInterface({ input: output }).on('line', (line) => {
    if (!isExpectedNoise(line)) print(line);
  });
}

function sentenceAtLimit(limit: number, running: ReadonlySet<string>): string {
  const names = [...running];
  const shown = names.slice(0, LONGEST_LIST).map((name) => `\n  ${name}`);
  const rest = names.length - shown.length;
  const list = names.length === 0 ? ' no test' : shown.join('') + (rest > 0 ? `\n  and ${rest} more` : '');
  return `The run was ended after its limit of ${limit / 1_000} s. Still running:${list}`;
}

/** The group has no terminal, so a Ctrl-C does not reach it by itself. */
function forwardSignals(child: ChildProcess): { stop(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forward = (signal: NodeJS.Signals) => killGroup(child, signal);
  for (const signal of signals) process.on(signal, forward);
  return { stop: () => signals.forEach((signal) => void process.off(signal, forward)) };
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
