import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { problemOf, SERVICE_OPTIONS, timedClient } from './demo/service-client.ts';
import { Problem, runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';
import { asTyped } from './local/working-directory.ts';

const USAGE = `npm run export -- FILE --project ID [--cursor CURSOR] [--url http://localhost:8080] [--key API_KEY]

Writes a project to a file, one JSON object a line, for npm run import -- FILE --from ndjson. The key may also
come in the variable API_KEY. Until the export is whole it is in FILE.part, and an older FILE stays as it is.

--cursor  goes on with an export that broke off: adds to FILE.part what comes after`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      project: { type: 'string' },
      cursor: { type: 'string' },
      ...SERVICE_OPTIONS,
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { project, url, key, cursor } = values;
  const [file, ...others] = positionals;
  if (file === undefined || project === undefined || others.length > 0)
    throw new Problem(`Name one file and a project\n\n${USAGE}`);
  const part = `${asTyped(file)}.part`;
  const output = createWriteStream(part, { flags: cursor === undefined ? 'w' : 'a' });
  const progress = { lines: 0, cursor };
  try {
    const query = { project, ...(cursor === undefined ? {} : { cursor }) };
    for await (const line of timedClient(url, key).client.exportLines(query)) {
      progress.lines += 1;
      if (line.kind === 'cursor') progress.cursor = line.cursor;
      if (!output.write(`${JSON.stringify(line)}\n`)) await once(output, 'drain');
    }
  } catch (error) {
    await ended(output);
    if (progress.cursor === undefined) await rm(part);
    else console.log(`To go on: --cursor ${progress.cursor}`);
    throw problemOf(error, url);
  }
  await ended(output);
  await rename(part, asTyped(file));
  console.log(`${progress.lines} lines of ${project} in ${file}`);
}

async function ended(output: WriteStream): Promise<void> {
  output.end();
  await finished(output);
}

await runMain(main);
