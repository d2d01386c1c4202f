import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A child process that never outlives this one. */
export interface Child {
  readonly pid: number;
  /** Resolves with a description once it has ended, for any reason. */
  readonly ended: Promise<string>;
  /** Signals it to end and waits; kills it after that many milliseconds. */
  stop(signal: NodeJS.Signals, patience: number): Promise<void>;
}

/** Waits for the end of standard input, which comes when the process at the other end dies. */
const WATCH = 'while read -r _; do :; done; kill -s "$1" "$2" 2>/dev/null';

/**
 * Starts a process in its own session, so that a Ctrl-C reaches only this one, which stops its children in order. A
 * watchdog ends it even after a kill -9 of this process.
 */
export function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { deathSignal: 'INT' | 'KILL'; onStderr?: (text: string) => void },
): Child {
  const { deathSignal, onStderr, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, detached: true });
  child.stderr?.on('data', (chunk: Buffer) => onStderr?.(chunk.toString()));
  const { pid } = child;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (pid === undefined) return { pid: -1, ended, stop: () => Promise.resolve() };
  const watchdog = startWatchdog(pid, deathSignal);
  void ended.then(() => watchdog.kill('SIGKILL'));
  return { pid, ended, stop: (signal, patience) => stop(child, ended, signal, patience) };
}

/**
 * Asks repeatedly, with pauses in milliseconds, until a child is ready. If the child ends or the patience (in
 * milliseconds) runs out first, hands the reason to `giveUp`, which must throw.
 */
export async function untilReady(
  child: Child,
  isReady: () => Promise<boolean>,
  { patience, pause }: { patience: number; pause: number },
  giveUp: (why: string) => Promise<never>,
): Promise<void> {
  const deadline = Date.now() + patience;
  let ended: string | undefined;
  void child.ended.then((how) => {
    ended = how;
  });
  while (!(await isReady())) {
    if (ended !== undefined || Date.now() > deadline) await giveUp(ended ?? 'time ran out');
    await sleep(pause);
  }
}

function startWatchdog(pid: number, signal: string): ChildProcess {
  const watchdog = spawn('sh', ['-c', WATCH, 'sh', signal, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.stdin?.on('error', () => undefined);
  return watchdog;
}

async function stop(
  child: ChildProcess,
  ended: Promise<string>,
  signal: NodeJS.Signals,
  patience: number,
): Promise<void> {
  child.kill(signal);
  const timer = new AbortController();
  const timeout = sleep(patience, 'late' as const, { signal: timer.signal }).catch(() => 'late');
  if ((await Promise.race([ended, timeout])) === 'late') child.kill('SIGKILL');
  await ended;
  timer.abort();
}
