import { readFile } from 'node:fs/promises';
import { ID_LIMITS, TASK_ID_PREFIX_PATTERN } from '../src/domain/ids.ts';
import { SERVICE_OPTIONS } from './demo/service-client.ts';
import { readBeads } from './import/beads.ts';
import { importExport } from './import/export.ts';
import { importList } from './import/import-list.ts';
import { readJsonl } from './import/jsonl.ts';
import type { TaskList } from './import/listed-task.ts';
import { readTaskMaster } from './import/task-master.ts';
import { textOf } from './import/text-of.ts';
import { readTodoMd } from './import/todo-md.ts';
import { Problem, runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';
import { asTyped } from './local/working-directory.ts';

const USAGE = `npm run import -- FILE --from todo-md|task-master|beads|jsonl|ndjson --project ID [--dry-run]
                  [--renumber] [--prefix TASK] [--tag NAME] [--url http://localhost:8080] [--key API_KEY]

Adds the tasks of a list to a project, and reports what was taken how. It may be repeated: tasks that are
there already stay as they are. The key may also come in the variable API_KEY.

ndjson is what npm run export made: it brings history, notes and claims' attempts along, and replaces what is
older. It needs a key with the scope admin.

--dry-run   asks the service what the project has, reports, and adds nothing
--renumber  gives a task a new id where its own does not fit or is another's
--prefix    of ids where the list's have none
--tag       of claude-task-master, where the file has several`;

interface Given {
  readonly text: string;
  readonly file: string;
  readonly prefix: string;
  readonly tag: string | undefined;
}

/** THE table of the lists that can be read. */
const READERS: Readonly<Record<string, (given: Given) => TaskList>> = {
  'todo-md': ({ text }) => readTodoMd(text),
  'task-master': ({ text, ...given }) => readTaskMaster(text, given),
  beads: ({ text }) => readBeads(text),
  jsonl: ({ text }) => readJsonl(text),
};

/** No list, but what the service itself has written. */
const EXPORT = 'ndjson';

const readTyped = () =>
  readArguments(USAGE, {
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      project: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      renumber: { type: 'boolean', default: false },
      prefix: { type: 'string', default: 'TASK' },
      tag: { type: 'string' },
      ...SERVICE_OPTIONS,
      help: { type: 'boolean', default: false },
    },
  });

async function main(): Promise<void> {
  const { values, positionals } = readTyped();
  if (values.help) return console.log(USAGE);
  const { from, project, prefix, tag, renumber, url, key } = values;
  const [file, ...others] = positionals;
  if (file === undefined || project === undefined || others.length > 0)
    throw new Problem(`Name one file and a project\n\n${USAGE}`);
  if (!TASK_ID_PREFIX_PATTERN.test(prefix) || prefix.length > ID_LIMITS.prefixCharacters)
    throw new Problem(`--prefix ${prefix} does not fit: pass capital letters and digits, such as TASK`);
  if (from === EXPORT)
    return importExport({ file: asTyped(file), project, url, key, dryRun: values['dry-run'] });
  const read = from !== undefined && Object.hasOwn(READERS, from) ? READERS[from] : undefined;
  if (read === undefined)
    throw new Problem(`--from must be one of ${[...Object.keys(READERS), EXPORT].join(', ')}`);
  const bytes = await readFile(asTyped(file)).catch(() => {
    throw new Problem(`${file} cannot be read`);
  });
  const text = textOf(bytes, file);
  const list = read({ text, file, prefix, tag });
  if (list.tasks.length === 0 && list.leftOut.length === 0)
    throw new Problem(`${file} has no task of the kind ${from}`);
  const isWhole = await importList(list, { project, renumber, prefix, url, key, dryRun: values['dry-run'] });
  if (!isWhole) process.exitCode = 1;
}

await runMain(main);
