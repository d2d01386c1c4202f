import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Open to every user: PostgreSQL, which does not run as root, must enter it. */
export async function temporaryFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `task-tracker-${purpose}-`));
  await chmod(folder, 0o755);
  return folder;
}
