import { execFile } from 'node:child_process';
import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../../scripts/local/problem.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';

/** The sources of an older commit in a folder of their own. */
export interface OlderTree {
  readonly root: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** Checks a commit out beside this tree; it shares the installed packages. Throws a Problem for an unknown one. */
export async function checkOut(ref: string): Promise<OlderTree> {
  const folder = await temporaryFolder('older');
  const root = path.join(folder, 'tree');
  const git = (...args: string[]) => run('git', args, { cwd: ROOT });
  try {
    await git('worktree', 'add', '--detach', root, ref);
  } catch {
    await rm(folder, { recursive: true, force: true });
    throw new Problem(`--against ${ref}: git cannot check it out here`);
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
  return {
    root,
    async remove() {
      await git('worktree', 'remove', '--force', root);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
