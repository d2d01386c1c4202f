import type { z } from 'zod';
import type { Input, Parsed } from '../contract/input.ts';
import type { Database } from '../db/database.ts';
import type { ProjectScope } from '../db/sql/project-scope.ts';
import type { Statement, Values } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects, requireScope, type Scope } from '../domain/access.ts';
import type { ErrorForm } from '../domain/errors/index.ts';
import { type Settings, USUAL_SETTINGS } from './settings.ts';
import { type Waits, waitWith } from './wait.ts';
import type { Look } from './waiting.ts';

export interface Asker {
  readonly caller: Caller;
  readonly database: Database;
  /** Without it, nothing waits. */
  readonly waits?: Waits;
  /** What it leaves out is as usual. */
  readonly settings?: Partial<Settings>;
}

export type AnyStatement = Pick<Statement<Values, unknown>, 'name' | 'access' | 'query'>;

export interface Work {
  readonly caller: Caller;
  /** Runs a statement with the caller's projects bound; see Database.run. */
  run<V extends ProjectScope, R>(
    statement: Statement<V, R>,
    values: Omit<V, keyof ProjectScope>,
  ): Promise<readonly R[]>;
  readonly settings: Settings;
  /** Looks until a look is done or the seconds are over; see waitWith. */
  wait<T>(seconds: number, look: (isLast: boolean) => Promise<Look<T>>): Promise<T>;
}

interface Definition<I extends Input, O extends z.ZodType> {
  readonly name: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  readonly answer: string;
  /** In addition to those of every operation. */
  readonly errors: readonly ErrorForm[];
  readonly input: I;
  readonly output: O;
  /** Scopes that a field demands in addition. */
  readonly alsoRequires?: (input: Parsed<I>) => readonly Scope[];
  readonly projects: (input: Parsed<I>) => readonly string[];
  /** Every statement that `run` may use. */
  readonly statements: readonly AnyStatement[];
  /** Together they use every statement. */
  readonly examples: readonly z.input<z.ZodObject<I['fields']>>[];
  readonly run: (work: Work, input: Parsed<I>) => Promise<z.output<O>>;
}

/** A verb of the service, the same through every door. */
export interface Operation<I extends Input = Input, O extends z.ZodType = z.ZodType>
  extends Omit<Definition<I, O>, 'alsoRequires' | 'projects' | 'run'> {
  /** Refuses with `insufficient_scope`, before anything is known of the request. */
  authorize(caller: Caller): void;
  /** Refuses as `authorize` does, with `project_forbidden`, or as the operation documents. */
  run(asker: Asker, input: Parsed<I>): Promise<z.output<O>>;
}

/** Whether an operation may change something. */
export function isWrite({ statements }: Pick<Operation, 'statements'>): boolean {
  return statements.some(({ access }) => access === 'write');
}

/** Defines a verb. Checks scopes and projects and binds the caller's projects, below every door. */
export function defineOperation<I extends Input, O extends z.ZodType>(
  definition: Definition<I, O>,
): Operation<I, O> {
  const { alsoRequires, projects, run, ...shown } = definition;
  const { name, scope, statements } = shown;
  const authorize = (caller: Caller) => requireScope(caller, scope);
  return {
    ...shown,
    authorize,
    async run(asker, parsed) {
      const { caller, database } = asker;
      authorize(caller);
      for (const more of alsoRequires?.(parsed) ?? []) requireScope(caller, more);
      requireProjects(caller, projects(parsed));
      const allowed_projects = boundProjects(caller);
      const work: Work = {
        caller,
        settings: { ...USUAL_SETTINGS, ...asker.settings },
        run<V extends ProjectScope, R>(statement: Statement<V, R>, values: Omit<V, keyof ProjectScope>) {
          if (!statements.some((known) => known.name === statement.name))
            throw new TypeError(`${name} does not list the statement ${statement.name}`);
          // V is the values with the projects, and nothing else.
          return database.run(statement, { ...values, allowed_projects } as unknown as V);
        },
        wait: (seconds, look) => waitWith(asker, seconds, look),
      };
      return await run(work, parsed);
    },
  };
}
