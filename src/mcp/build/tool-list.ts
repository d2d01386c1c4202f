import { z } from 'zod/v4';
import { batchTaskFields } from '../../contract/add-tasks.ts';
import { isWrite, type Operation } from '../../operations/define-operation.ts';
import { loadOperation } from '../../operations/index.ts';
import { fieldsOf } from '../arguments.ts';
import type { Tool } from '../tool.ts';
import type { ListEntry } from '../tool-list.ts';
import { TOOLS } from '../tools.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a model needs of a schema; bounds are told by the refusal of what exceeds them. */
const KEPT = ['type', 'enum', 'items', 'properties', 'required'] as const;

/** Makes the list of tools that clients are shown, in the order of the table. */
export async function toolList(): Promise<ListEntry[]> {
  return await Promise.all(TOOLS.map(async (tool) => entryOf(tool, await loadOperation(tool.operation))));
}

function entryOf(tool: Tool, operation: Operation): ListEntry {
  const { name, title, description } = tool;
  const inputSchema = inputOf(tool, operation);
  return {
    scope: operation.scope,
    tool: {
      name,
      title,
      description,
      inputSchema,
      outputSchema: outputOf(tool),
      annotations: annotationsOf(tool, operation),
    },
  };
}

/** Only what differs from the protocol's defaults. */
function annotationsOf({ isIdempotent }: Tool, operation: Operation): object {
  if (!isWrite(operation)) return { readOnlyHint: true };
  return { destructiveHint: false, ...(isIdempotent ? { idempotentHint: true } : {}) };
}

/** Small: a model reads the answer itself. Nothing is required, since a failure has other fields. */
function outputOf({ answers }: Tool): ListEntry['tool']['outputSchema'] {
  const properties = Object.entries(answers).map(([name, type]) => [name, { type }]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function inputOf(tool: Tool, operation: Operation): ListEntry['tool']['inputSchema'] {
  const fields = fieldsOf(tool, operation);
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const shown = tool.view?.[name] ?? (name === 'tasks' ? tasksSchema() : shortSchema(field));
      const words = tool.arguments[name];
      return [name, words ? { ...shown, description: words } : shown];
    }),
  );
  const required = Object.keys(fields).filter(
    (name) => tool.defaults?.[name] === undefined && !isOptional(fields[name]),
  );
  return { type: 'object', properties, required };
}

/** Needs with terms of their own are taken as well, but schemas of several types are not known to every client. */
const NEEDS: Schema = {
  type: 'array',
  items: { type: 'string' },
  description: 'Ids of tasks to wait for',
};

/** What few agents give is taken as well, and costs every other one nothing. */
function tasksSchema(): Schema {
  const { project_id: _, labels: __, metadata: ___, ...fields } = batchTaskFields;
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    name === 'needs' ? NEEDS : shortSchema(field),
  ]);
  const required = Object.keys(fields).filter((name) => !isOptional(fields[name as keyof typeof fields]));
  return { type: 'array', items: { type: 'object', properties: Object.fromEntries(entries), required } };
}

function isOptional(field: z.ZodType | undefined): boolean {
  return field === undefined || field.safeParse(undefined).success;
}

function shortSchema(field: z.ZodType): Schema {
  // The JSON Schema of a field is an object.
  return short(z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as Schema);
}

function short(schema: Schema): Schema {
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) return short(anyOf.find(({ type }) => type !== 'null') as Schema);
  return Object.fromEntries(
    KEPT.filter((key) => schema[key] !== undefined).map((key) => {
      const value = schema[key];
      if (key === 'items') return [key, short(value as Schema)];
      return [key, key === 'properties' ? shortEach(value as Readonly<Record<string, Schema>>) : value];
    }),
  );
}

function shortEach(properties: Readonly<Record<string, Schema>>): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, short(schema)]));
}
