import { type Defect, startDefectiveProxy } from './defective-proxy.ts';
import { runScript, type ScriptOptions, type ScriptRun } from './run-script.ts';
import type { TestService } from './test-service.ts';

/** Runs the smoke script. */
export function smoke(args: readonly string[], options: ScriptOptions = {}): Promise<ScriptRun> {
  return runScript('smoke', args, { ...options, env: { API_KEY: '', ...options.env } });
}

/** Runs the smoke script against a service with a defect. */
export async function smokeWith(
  { service }: TestService,
  defect: Defect,
  options?: ScriptOptions,
): Promise<ScriptRun> {
  const proxy = await startDefectiveProxy(service.url, defect);
  const run = await smoke([proxy.url, '--insecure'], options);
  proxy.stop();
  return run;
}

/** The tasks that a run has left behind. */
export function tasksLeft({ database }: TestService): Promise<{ task_id: string }[]> {
  return database.query('select task_id from tasks');
}
