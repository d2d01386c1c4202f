import { z } from 'zod';
import { projectId, wholeNumber } from '../contract/fields.ts';
import { pick, schemaOf } from '../contract/input.ts';
import type { Caller } from '../domain/access.ts';
import { firstOf } from '../domain/errors/form.ts';
import { isRecord } from '../domain/record.ts';
import { idempotencyKey } from '../http/idempotency-key-schema.ts';
import { invalid, parse } from '../http/problems.ts';
import type { Operation } from '../operations/define-operation.ts';
import type { Given, Tool } from './tool.ts';

const LISTED_PROJECTS = 20;

/** A list of fifty is what a model can read at once; twice that is the maximum. */
const MAX_LIMIT = 100;

/** The arguments of a tool, in the order in which it shows them: the operation's own, with one name for the project. */
export function fieldsOf(tool: Tool, { input }: Pick<Operation, 'input'>): Record<string, z.ZodType> {
  const { project_id, ...fields } = input.fields;
  const own: Readonly<Record<string, z.ZodType>> = {
    ...fields,
    project:
      fields['project'] ?? (project_id === undefined || isOptional(project_id) ? projectId : project_id),
    limit: wholeNumber(1, MAX_LIMIT).optional(),
    idempotency_key: idempotencyKey,
  };
  const shown = Object.keys(tool.arguments).flatMap((name) => {
    const field = own[name];
    return field === undefined ? [] : [[name, field] as const];
  });
  const views = Object.keys(tool.view ?? {}).map((name) => [name, z.unknown().optional()] as const);
  return Object.fromEntries([...shown, ...views]);
}

/** Over REST, the tasks of a batch may name their projects instead. */
function isOptional(field: z.ZodType): boolean {
  return field.safeParse(undefined).success;
}

export interface Understood {
  readonly given: Given;
  readonly input: Record<string, unknown>;
  readonly key: string | undefined;
}

/** Makes the input of an operation from what a model gave; refuses with `validation_error`. */
export type ReadArguments = (caller: Caller, raw: unknown) => Understood;

/** Prepares what every call of a tool has in common. */
export function argumentReader(tool: Tool, operation: Operation): ReadArguments {
  const { rule, fields: all } = operation.input;
  const fields = fieldsOf(tool, operation);
  const schema = schemaOf('argument', { fields, ...(rule && { rule }) });
  const isProjectRequired = fields['project']?.safeParse(undefined).success === false;
  const projectField = 'project_id' in all ? 'project_id' : 'project';
  const isUnshown = (name: string) => !(name in tool.arguments || name.startsWith('project'));
  const unshown = z.object(pick(all, Object.keys(all).filter(isUnshown))).parse({ ...tool.fixed });
  return (caller, raw) => {
    const known = completed(tool, caller, raw);
    if (isProjectRequired) requireProject(caller, known);
    const given = parse(schema, known, 'argument');
    const { idempotency_key: key, project, ...rest } = given;
    // The schema above has the key as a text, if there is one.
    return { given, input: { ...unshown, ...rest, [projectField]: project }, key: key as string | undefined };
  };
}

/** Says which projects there are to name, which a model cannot know. */
function requireProject({ projects }: Caller, known: unknown): void {
  const isGiven = isRecord(known) && 'project' in known;
  if (isGiven || projects === '*' || projects.length === 1) return;
  const problem = `Missing required argument: project. This credential has ${firstOf(projects, LISTED_PROJECTS)}`;
  throw invalid({ sentence: problem, problems: [{ argument: 'project', problem }] });
}

/** Adds the project of a credential that has one only, and the defaults. Models send null for what they leave out. */
function completed(tool: Tool, { projects }: Caller, raw: unknown): unknown {
  if (!isRecord(raw)) return raw;
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
  return {
    ...given,
    tasks: tasks.map((task: unknown) => (isRecord(task) ? { project_id, ...task } : task)),
  };
}
