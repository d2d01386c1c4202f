import { spawnSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canReach } from '../../scripts/local/postgres-binaries.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';

/** An id that no system gives a name to. */
const NAMELESS = { uid: 1_234_567, gid: 1_234_567 };

describe('npm start by a user without a name', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await temporaryFolder('nameless');
    await chmod(dataDir, 0o777);
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('npm start tells a user without a name what to do, and exits with 1', ({ skip }) => {
    skip(process.getuid?.() !== 0, 'Only root can run a process as another user');
    skip(!canReach(NAMELESS, ROOT), 'The checkout is closed to other users');
    const node = path.join(ROOT, 'node_modules/.bin/node');
    const { status, stderr } = spawnSync(node, ['scripts/start.ts', '--data-dir', dataDir], {
      ...NAMELESS,
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stderr).toBe(
      'PostgreSQL can only be set up by a user with a name, which the user id 1234567 has not: add it to /etc/passwd, run npm start as another user, or set DATABASE_URL to a server of yours\n',
    );
    expect(status).toBe(1);
  });
});
