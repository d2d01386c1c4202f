import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { openTestDatabase } from '../support/database.ts';
import { npmStart } from '../support/npm-start.ts';

/** util-linux's script, which gives a command a terminal. */
const HAS_SCRIPT = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

describe('npm start at a hangup', () => {
  let env: Record<string, string>;
  let port: string;

  beforeAll(async () => {
    env = { DATABASE_URL: (await openTestDatabase()).url };
    port = String(await freePort());
  });

  const isServing = () =>
    fetch(`http://127.0.0.1:${port}/openapi.json`).then(
      () => true,
      () => false,
    );
  const until = async (isServed: boolean) => {
    for (const patience = Date.now() + 100_000; (await isServing()) !== isServed; await sleep(50)) {
      if (Date.now() > patience) throw new Error(`It does not ${isServed ? 'serve' : 'stop'} within 100 s`);
    }
  };

  it('npm start without a terminal serves on after a hangup, though npm itself dies of it', async () => {
    const service = await npmStart(['--port', port], env);
    service.signalGroup('SIGHUP');
    await new Promise((resolve) => service.process.once('exit', resolve));
    // Longer than it takes to notice that npm is gone.
    await sleep(1_000);
    expect(await isServing()).toBe(true);
    service.signalGroup('SIGTERM');
    await service.exited;
    await until(false);
  });

  it.runIf(HAS_SCRIPT)('npm start stops with its terminal', async () => {
    const command = `npm start -- --port ${port}`;
    const terminal = spawn('script', ['--quiet', '--command', command, '/dev/null'], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await until(true);
    terminal.kill('SIGKILL');
    await until(false);
  });
});
