import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOfSources } from '../../scripts/local/source-key.ts';

describe('the key of sources', () => {
  let root: string;
  const key = () => keyOfSources(root, ['src', 'lock.json']);
  const write = (file: string, content: string) => writeFile(path.join(root, file), content);

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'source-key-'));
    await mkdir(path.join(root, 'src/deep'), { recursive: true });
    await write('src/a.ts', 'one');
    await write('src/deep/b.ts', 'two');
    await write('lock.json', '{}');
    await write('README.md', 'not a source');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('the key stays the same while no source changes', async () => {
    const before = await key();
    await write('README.md', 'changed');
    await write('src/a.ts', 'one');
    expect(await key()).toBe(before);
  });

  it.each([
    ['the content of a file', () => write('src/deep/b.ts', 'three')],
    ['a file outside the folder', () => write('lock.json', '{"a":1}')],
    ['the name of a file', () => rename(path.join(root, 'src/a.ts'), path.join(root, 'src/c.ts'))],
    ['a new file', () => write('src/new.ts', '')],
  ])('the key changes with %s', async (_, change) => {
    const before = await key();
    await change();
    expect(await key()).not.toBe(before);
  });
});
