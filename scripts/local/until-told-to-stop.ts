import { readFileSync } from 'node:fs';

const PARENT_CHECK_MS = 200;

/**
 * Resolves when this process is told to stop: by Ctrl-C, by SIGTERM, or by the death of the npm that runs it,
 * which a kill -9 does not announce.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const ancestors = ancestry();
    setInterval(() => {
      if (ancestry() !== ancestors) resolve();
    }, PARENT_CHECK_MS).unref();
  });
}

/** The parent and, where there is /proc, the parent's parent: npm may have put a shell in between. */
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
