import { rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { apiOver } from '../support/api.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';
import { isListening, isRunning, postmasterIn, until } from '../support/own-postgres.ts';

/** A data folder and a port of a test's own; what a failed test leaves running ends with it. */
async function installation() {
  const dataDir = await temporaryFolder('lifecycle');
  const port = await freePort();
  const services: RunningService[] = [];
  const start = async (folder = dataDir, listenOn = port) => {
    const service = await npmStart(['--port', String(listenOn), '--data-dir', folder]);
    services.push(service);
    return service;
  };
  onTestFinished(async () => {
    for (const service of services) service.endGroup();
    await rm(dataDir, { recursive: true, force: true });
  });
  return { dataDir, port, start, postmaster: () => postmasterIn(dataDir) };
}

const apiOf = ({ url }: RunningService) => apiOver((to, init) => fetch(`${url}${to}`, init));

describe('npm start with its own PostgreSQL', () => {
  it('npm start keeps its data over Ctrl-C, SIGTERM and kill -9, and leaves nothing running', async () => {
    const { port, start, postmaster } = await installation();
    const first = await start();
    await apiOf(first).add('p', 'TASK-1');
    const firstPostmaster = await postmaster();
    first.signalGroup('SIGINT');
    await first.exited;
    expect(isRunning(firstPostmaster)).toBe(false);
    expect(await isListening(port)).toBe(false);

    const second = await start();
    expect((await apiOf(second).get('/tasks/next?project=p')).body.task?.task_id).toBe('TASK-1');
    await apiOf(second).move('p', 'TASK-1', { status: 'in_progress' });
    const secondPostmaster = await postmaster();
    second.signalGroup('SIGKILL');
    await second.exited;

    const third = await start();
    const { body } = await apiOf(third).get('/tasks/TASK-1?project=p');
    expect(body.task?.status).toBe('in_progress');
    expect(isRunning(secondPostmaster)).toBe(false);
    const thirdPostmaster = await postmaster();
    third.process.kill('SIGTERM');
    await third.exited;
    await until(() => !isRunning(thirdPostmaster));
    await until(async () => !(await isListening(port)));
  });

  it('npm start ends with the npm that runs it, even if that is killed', async () => {
    const { port, start, postmaster } = await installation();
    const service = await start();
    const pid = await postmaster();
    service.process.kill('SIGKILL');
    await service.exited;
    await until(() => !isRunning(pid));
    await until(async () => !(await isListening(port)));
  });

  it('npm start starts over a stale pid file that names another program', async () => {
    const { dataDir, start } = await installation();
    const before = await start();
    before.signalGroup('SIGTERM');
    await before.exited;
    await writeFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), `${process.pid}\n`);
    const service = await start();
    expect(service.output()).toContain('is ready on');
    service.signalGroup('SIGTERM');
    await service.exited;
  });

  it('npm start begins anew where the link to its data leads nowhere', async () => {
    const { start } = await installation();
    const folder = await temporaryFolder('dangling');
    await symlink(path.join(folder, 'gone'), path.join(folder, 'postgres'));
    const service = await start(folder);
    expect(service.output()).toContain('is ready on');
    service.signalGroup('SIGTERM');
    await service.exited;
    await rm(folder, { recursive: true });
  });

  it('npm start refuses a data folder that is in use', async () => {
    const { dataDir, start } = await installation();
    const service = await start();
    const second = await start(dataDir, await freePort());
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/is in use by process \d+: stop the other npm start/);
    service.signalGroup('SIGTERM');
    await service.exited;
  });
});
