import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { Problem, runMain } from './local/problem.ts';
import { temporaryFolder } from './local/temporary-folder.ts';
import { ROOT } from './local/worker-build.ts';

const run = promisify(execFile);

/** The package is ESM only, and its entries are subpaths: what requires it or knows no exports is not served. */
const SERVED = ['node16-esm', 'bundler'];

/** Packs what `npm run build:client` built, and has publint and are-the-types-wrong look at it. */
await runMain(async () => {
  const folder = await temporaryFolder('pack');
  try {
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
    const { stdout } = await run('npm', args, { cwd: ROOT });
    const tarball = await readFile(path.join(folder, filenameIn(stdout)));
    const problems = [...(await lint(tarball)), ...(await typeProblems(tarball))];
    if (problems.length > 0) throw new Problem(`The package of the client is wrong:\n${problems.join('\n')}`);
    console.log('The package of the client is in order');
  } finally {
    await rm(folder, { recursive: true });
  }
});

function filenameIn(stdout: string): string {
  // npm-pack(1): --json tells what was packed; npm 12 by package name, older ones in an array.
  const packed = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  return packed[0]?.filename ?? '';
}

async function lint(tarball: Buffer): Promise<string[]> {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg) ?? message.code);
}

async function typeProblems(tarball: Buffer): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (!result.types) return ['It has no types'];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem) || SERVED.includes(problem.resolutionKind))
    .map((problem) => JSON.stringify(problem));
}
