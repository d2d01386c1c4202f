import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';

describe('a relative path, typed in another folder than the checkout', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder('elsewhere');
    // Data of another version is refused by its path, before anything is started.
    await mkdir(path.join(folder, 'data/postgres/cluster'), { recursive: true });
    await writeFile(path.join(folder, 'data/postgres/cluster/PG_VERSION'), '9\n');
    await writeFile(path.join(folder, 'tasks.json'), JSON.stringify({ tasks: [{ task_id: 'TASK-1' }] }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const npm = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('npm', ['--prefix', ROOT, ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 100_000,
    });
    return { status, output: stdout + stderr };
  };

  it('--data-dir of npm start is relative to where it was typed', () => {
    const { status, output } = npm('start', '--', '--data-dir', 'data');
    expect(output).toContain(`The data in ${path.join(folder, 'data/postgres/cluster')} is PostgreSQL 9's`);
    expect(status).toBe(1);
  });

  it('the list of the demo is relative to where it was typed', () => {
    const { output } = npm('run', 'demo', '--', 'tasks.json', '--url', 'http://127.0.0.1:1');
    expect(output).toContain('Adding 1 tasks');
    expect(output).toContain('No service answers on http://127.0.0.1:1');
  });
});
