import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { STATUSES } from '../../src/domain/task.ts';
import { allowedFrom } from '../../src/domain/transitions.ts';
import type { Description, Schema } from '../../src/rest/reference/description.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { ROOT } from '../local/worker-build.ts';
import { type Described, operationsOf } from './flat-inputs.ts';

const GENERATOR = path.join(ROOT, 'node_modules/@redocly/cli/bin/cli.js');
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

const HEADER = `// Made from the OpenAPI document by npm run generate; do not edit it.
`;

/** Makes client/schema.ts: the types of the OpenAPI document, and the table of its operations. */
export async function clientSchema(document: object): Promise<string> {
  // `describeService` makes a document of OpenAPI 3.1 whose operations all have what is read of them.
  const described = document as Description;
  const operations = operationsOf(described);
  const types = await typesOf(withInputs(described, operations));
  return `${[HEADER + types, interfaceOf(operations), tableOf(operations), MOVES].join('\n\n')}\n`;
}

const MOVES = `/** The moves that a caller may make from each status. */
export const MOVES: Readonly<
  Record<Task['status'], readonly { readonly status: Task['status']; readonly reset: boolean }[]>
> = ${JSON.stringify(Object.fromEntries(STATUSES.map((status) => [status, allowedFrom(status)])))};`;

const inputOf = ({ id }: Described) => `${id.charAt(0).toUpperCase()}${id.slice(1)}Input`;
const hasInput = ({ input }: Described) => Object.keys(input.properties ?? {}).length > 0;

/** The document with a schema for the fields of each operation instead of those of the bodies alone. */
function withInputs(document: Description, operations: readonly Described[]): object {
  const bodies = operations.map(({ body }) => body);
  const inputs = operations.filter(hasInput).map((operation) => [inputOf(operation), operation.input]);
  const kept = Object.entries(document.components.schemas).filter(([name]) => !bodies.includes(name));
  const schemas = Object.fromEntries([...kept, ...inputs]);
  return { ...document, paths: {}, components: { schemas: exact(schemas) } };
}

/** The generator widens `"enum": [true]` to boolean, but keeps a const. */
function exact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== 'object' || value === null) return value;
  // An object other than null has fields by name.
  const { enum: values, ...rest } = value as Schema;
  const narrowed = Array.isArray(values) && values.length === 1 ? { const: values[0] } : { enum: values };
  const entries = Object.entries({ ...(values === undefined ? {} : narrowed), ...rest });
  return Object.fromEntries(entries.map(([key, field]) => [key, exact(field)]));
}

/** The types that Redocly's generator makes of the schemas; of its client nothing else is used. */
async function typesOf(document: object): Promise<string> {
  const folder = await temporaryFolder('client');
  try {
    const file = path.join(folder, 'openapi.json');
    await writeFile(file, JSON.stringify(document));
    const output = path.join(folder, 'client.ts');
    const command = [GENERATOR, 'generate-client', file, '--output', output, '--output-mode', 'split'];
    await promisify(execFile)(process.execPath, command, { env: { ...process.env, ...QUIET } });
    const made = await readFile(path.join(folder, 'client.schemas.ts'), 'utf8');
    return made.replace(/^(?:\/\/.*\n)+\s*/, '').trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

function interfaceOf(operations: readonly Described[]): string {
  const members = operations.map((operation) => {
    const input = hasInput(operation) ? inputOf(operation) : 'Record<string, never>';
    const member = `${operation.id}: { input: ${input}; answer: ${operation.answer ?? 'string'} };`;
    return `    /** ${operation.summary} */\n    ${member}`;
  });
  return `/** What each operation takes and answers. */\nexport interface Operations {\n${members.join('\n')}\n}`;
}

function tableOf(operations: readonly Described[]): string {
  const rows = operations.map(({ id, method, path: at, inQuery, body, takesKey, answer }) => {
    const carriage = { method, path: at, inQuery, hasBody: body !== undefined };
    const row = { ...carriage, takesKey, answersJson: answer !== undefined };
    return `export const ${id} = ${JSON.stringify(row)} as const;`;
  });
  const ids = operations.map(({ id }) => `    ${id},`);
  // One by one, so that a page brings along only those that it calls.
  return [
    '// How a request carries the fields of each operation.',
    ...rows,
    `export const OPERATIONS = {\n${ids.join('\n')}\n};`,
  ].join('\n');
}
