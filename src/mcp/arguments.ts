import { z } from 'zod';
import { projectId } from '../contract/fields.ts';
import { type Input, pick, schemaOf } from '../contract/input.ts';
import type { Caller } from '../domain/access.ts';
import { firstOf } from '../domain/errors/form.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../http/idempotency-key.ts';
import { invalid, parse } from '../http/problems.ts';
import type { Operation } from '../operations/define-operation.ts';
import type { Given, Tool } from './tool.ts';

const idempotency_key = z
  .string({ error: 'must be a string' })
  .regex(IDEMPOTENCY_KEY_PATTERN, { error: 'must have 1 to 255 visible ASCII characters' })
  .optional();

const LISTED_PROJECTS = 20;

/** A list of fifty is what a model can read at once; twice that is the maximum. */
const MAX_LIMIT = 100;
const limit = z
  .int({ error: `must be a whole number from 1 to ${MAX_LIMIT}` })
  .min(1, { error: `must be a whole number from 1 to ${MAX_LIMIT}` })
  .max(MAX_LIMIT, { error: `must be a whole number from 1 to ${MAX_LIMIT}` })
  .optional();

/** The arguments of a tool: the operation's own fields, with one name for the project. */
export function fieldsOf(tool: Tool, { input }: Pick<Operation, 'input'>): Record<string, z.ZodType> {
  const { project_id, ...fields } = input.fields;
  const project = fields['project'] ?? project_id ?? projectId;
  const own: Record<string, z.ZodType> = { ...fields, project, idempotency_key };
  if (own['limit'] !== undefined) own['limit'] = limit;
  for (const name of Object.keys(tool.view ?? {})) own[name] = z.unknown().optional();
  // In the order in which the tool shows them.
  const names = [...Object.keys(tool.arguments), ...Object.keys(tool.view ?? {})];
  return Object.assign({}, ...names.map((name) => pick(own, [name]))) as Record<string, z.ZodType>;
}

export interface Understood {
  readonly given: Given;
  /** The operation's input, but for what its own schema adds. */
  readonly input: Record<string, unknown>;
  readonly key: string | undefined;
}

/** Makes the input of an operation from what a model gave; refuses with `validation_error`. */
export function argumentsOf(tool: Tool, operation: Operation, caller: Caller, raw: unknown): Understood {
  const { rule } = operation.input;
  requireProject(tool, operation, caller, raw);
  const input: Input = { fields: fieldsOf(tool, operation), ...(rule && { rule }) };
  const given = parse(schemaOf('argument', input), completed(tool, caller, raw), 'argument');
  const { idempotency_key: key, project, ...rest } = given;
  const named = operation.input.fields['project_id'] === undefined ? 'project' : 'project_id';
  const own = { ...unshown(tool, operation), ...rest, [named]: project };
  // The schema above has it as a text, if anything.
  return { given, input: own, key: key as string | undefined };
}

/** Says which projects there are to name, which a model cannot know. */
function requireProject(tool: Tool, operation: Operation, { projects }: Caller, raw: unknown): void {
  const isGiven = typeof raw === 'object' && raw !== null && 'project' in raw && raw.project !== null;
  if (isGiven || projects === '*' || projects.length === 1) return;
  if (fieldsOf(tool, operation)['project']?.safeParse(undefined).success) return;
  const problem = `Missing required argument: project. This credential has ${firstOf(projects, LISTED_PROJECTS)}`;
  throw invalid({ sentence: problem, problems: [{ argument: 'project', problem }] });
}

/** What the fields are that the tool does not show, where nobody gives them. */
function unshown(tool: Tool, { input }: Operation): Record<string, unknown> {
  const names = Object.keys(input.fields).filter(
    (name) => !(name in tool.arguments || name.startsWith('project')),
  );
  return z.object(pick(input.fields, names)).parse({});
}

/** Adds the project of a credential that has one only, and the defaults. Models send null for what they leave out. */
function completed(tool: Tool, caller: Caller, raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { projects } = caller;
  const [only] = projects === '*' || projects.length > 1 ? [] : projects;
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const own = only === undefined ? {} : { project: only };
  const known: Record<string, unknown> = { ...tool.defaults, ...own, ...given };
  return 'project' in known ? withProject(known, known['project']) : known;
}

/** Each task of a batch is filed in the project of the call. */
function withProject(given: Record<string, unknown>, project_id: unknown): unknown {
  const { tasks } = given;
  if (!Array.isArray(tasks)) return given;
  const isObject = (task: unknown) => typeof task === 'object' && task !== null && !Array.isArray(task);
  return {
    ...given,
    tasks: tasks.map((task: unknown) => (isObject(task) ? { project_id, ...(task as object) } : task)),
  };
}
