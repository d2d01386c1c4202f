import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SingleBar } from 'cli-progress';
import type { ExportLine } from '../../client/index.ts';
import { problemOf, timedClient } from '../demo/service-client.ts';
import { Problem } from '../local/problem.ts';

export interface GivenExport {
  readonly file: string;
  readonly project: string;
  readonly url: string;
  readonly key: string;
  readonly dryRun: boolean;
}

/** Takes the lines of an export into a project, and tells what became of those that were not taken as they are. */
export async function importExport({ file, project, url, key, dryRun }: GivenExport): Promise<void> {
  const bar = new SingleBar({ format: '{value} lines', linewrap: null });
  bar.start(0, 0);
  const read = { lines: 0, isWhole: false };
  const { client } = timedClient(url, key);
  const { counts, results } = await client
    .importAll(
      { project_id: project, dry_run: dryRun },
      told(file, read, () => bar.increment()),
    )
    .catch((error: unknown) => {
      throw problemOf(error, url);
    })
    .finally(() => bar.stop());
  for (const { line, result, reason } of results)
    if (dryRun || result === 'skipped')
      console.log(`Line ${line + 1}  ${result}${reason === null ? '' : `: ${reason}`}`);
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  console.log(`${read.lines} lines: ${parts.join(', ')}${dryRun ? '; nothing was changed' : ''}`);
  if (!read.isWhole) throw new Problem(`${file} has no line end: it is not the whole of an export`);
}

async function* told(
  file: string,
  read: { lines: number; isWhole: boolean },
  onLine: () => void,
): AsyncGenerator<ExportLine, void, undefined> {
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      read.lines += 1;
      const line = lineIn(text, `Line ${read.lines} of ${file}`);
      read.isWhole = line.kind === 'end';
      onLine();
      yield line;
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${file} cannot be read`, { cause: error });
  }
}

function lineIn(text: string, name: string): ExportLine {
  try {
    // The service refuses what is none.
    return JSON.parse(text) as ExportLine;
  } catch {
    throw new Problem(`${name} is no JSON`);
  }
}
