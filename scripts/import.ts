import { readFile } from 'node:fs/promises';
import { problemOf, SERVICE_OPTIONS, timedClient } from './demo/service-client.ts';
import { readBeads } from './import/beads.ts';
import { importExport } from './import/export.ts';
import { readJsonl } from './import/jsonl.ts';
import type { TaskList } from './import/listed-task.ts';
import { type Prepared, prepare } from './import/prepare.ts';
import { send } from './import/send.ts';
import { readTaskMaster } from './import/task-master.ts';
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

--dry-run   reports and adds nothing
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
  const [file] = positionals;
  if (file === undefined || project === undefined) throw new Problem(`Name a file and a project\n\n${USAGE}`);
  if (from === EXPORT)
    return importExport({ file: asTyped(file), project, url, key, dryRun: values['dry-run'] });
  const read = from !== undefined && Object.hasOwn(READERS, from) ? READERS[from] : undefined;
  if (read === undefined)
    throw new Problem(`--from must be one of ${[...Object.keys(READERS), EXPORT].join(', ')}`);
  const text = await readFile(asTyped(file), 'utf8').catch(() => {
    throw new Problem(`${file} cannot be read`);
  });
  const prepared = prepare(read({ text, file, prefix, tag }), { project, renumber, prefix });
  if (prepared.tasks.length === 0 && prepared.leftOut.length === 0)
    throw new Problem(`${file} has no task of the kind ${from}`);
  report(prepared);
  if (values['dry-run']) return console.log('Nothing was added');
  const { client } = timedClient(url, key);
  const { added, there } = await send(client, prepared.tasks).catch((error: unknown) => {
    throw problemOf(error, url);
  });
  for (const id of there) console.log(`${id}  was there already`);
  console.log(`Added ${added} of ${prepared.tasks.length} to ${project}; ${there.length} there already`);
  if (prepared.leftOut.length > 0) process.exitCode = 1;
}

/** What was taken how, a line for each thing that is not as the list has it. */
function report({ tasks, remarks, leftOut, renumbered }: Prepared): void {
  for (const { task_id, text } of remarks) console.log(`${task_id}  ${text}`);
  for (const text of leftOut) console.log(`Left out: ${text}`);
  const statuses = [...new Set(tasks.map(({ status = 'pending' }) => status))].map(
    (status) => `${tasks.filter((task) => (task.status ?? 'pending') === status).length} ${status}`,
  );
  const needs = tasks.reduce((sum, task) => sum + (task.needs?.length ?? 0), 0);
  const parts = [`${tasks.length} tasks`, ...statuses, `${needs} needs`, `${renumbered} renumbered`];
  console.log(`${parts.join(', ')}; ${leftOut.length} left out`);
}

await runMain(main);
