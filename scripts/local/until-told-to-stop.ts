import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

const PARENT_CHECK_MS = 200;

/**
 * Resolves on Ctrl-C, SIGTERM, a closed terminal, or the death of the npm that runs it, which a kill -9 does not
 * announce. Without a terminal, as under nohup, it outlives a hangup and the npm that dies of it. Whether SIGHUP was
 * ignored cannot be seen: Node resets all signals.
 */
export function untilToldToStop(): Promise<void> {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  return new Promise((resolve) => {
    const stop = () => resolve();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
    let hangups = 0;
    process.on('SIGHUP', () => {
      hangups += 1;
      if (hasTerminal) stop();
    });
    if (process.env['npm_lifecycle_event'] === undefined) return;
    watchAncestors(stop, () => hangups > 0);
  });
}

/** Calls back when an ancestor has died, unless a hangup ended it; that signal may come a moment later. */
function watchAncestors(onDeath: () => void, isHungUp: () => boolean): void {
  const ancestors = ancestry();
  let deaths = 0;
  const timer = setInterval(() => {
    if (ancestry() === ancestors) return;
    deaths += 1;
    if (isHungUp()) clearInterval(timer);
    else if (deaths > 1) onDeath();
  }, PARENT_CHECK_MS);
  timer.unref();
}

/** The parent and, with /proc, its parent: npm may have put a shell in between. */
function ancestry(): string {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const grandparent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return `${process.ppid} ${isShell() ? grandparent : ''}`;
  } catch {
    return String(process.ppid);
  }
}

function isShell(): boolean {
  return /^(ba|da|)sh\n$/.test(readFileSync(`/proc/${process.ppid}/comm`, 'utf8'));
}
