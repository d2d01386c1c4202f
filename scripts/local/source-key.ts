import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** A key that stays the same while no name or content changes. `sources` are files and folders below `root`. */
export async function keyOfSources(root: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(root, sources)) {
    const content = await readFile(path.join(root, file));
    // The length separates the end of one file from the start of the next.
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesOf(root: string, sources: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const source of sources) {
    const isFolder = (await stat(path.join(root, source))).isDirectory();
    files.push(...(isFolder ? await filesBelow(root, source) : [source]));
  }
  return files.sort();
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)));
}
