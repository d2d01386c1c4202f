import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The process id of the PostgreSQL that serves a data folder. */
export async function postmasterIn(dataDir: string): Promise<number> {
  const file = await readFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
  return Number.parseInt(file, 10);
}

/** A process that has ended and waits for its parent to take note of it does not run, though signals still reach it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/status`, 'utf8').includes('\nState:\tZ');
  } catch {
    return false;
  }
}

/** Whether a service answers on a port. */
export function isListening(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/openapi.json`).then(
    () => true,
    () => false,
  );
}

/** Waits for something that happens soon by itself. */
export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  for (const patience = Date.now() + 60_000; !(await happened()); await sleep(50)) {
    if (Date.now() > patience) throw new Error('It did not happen within 60 s');
  }
}
