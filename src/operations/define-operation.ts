import type { z } from 'zod';
import type { Input, Parsed } from '../contract/input.ts';
import type { Database } from '../db/database.ts';
import type { ProjectScope } from '../db/sql/project-scope.ts';
import type { Statement, Values } from '../db/statement.ts';
import { boundProjects, type Caller, requireProjects, requireScope, type Scope } from '../domain/access.ts';
import type { ErrorForm } from '../domain/errors/index.ts';

/** Whoever asks, and the database of the request. */
export interface Asker {
  readonly caller: Caller;
  readonly database: Database;
}

export type AnyStatement = Pick<Statement<Values, unknown>, 'name' | 'access' | 'query'>;

/** What an operation works with: it reaches no more than the caller may see. */
export interface Work {
  /** Runs a statement of the operation with the projects of the caller bound; see Database.run. */
  run<V extends ProjectScope, R>(
    statement: Statement<V, R>,
    values: Omit<V, keyof ProjectScope>,
  ): Promise<readonly R[]>;
}

interface Definition<I extends Input, O extends z.ZodType> {
  /** Names the operation for every door; unique. */
  readonly name: string;
  readonly scope: Scope;
  /** What it does, for whoever reads a list of operations. */
  readonly summary: string;
  readonly description?: string;
  /** What its output is. */
  readonly answer: string;
  /** How it refuses what is asked, beyond what every operation does. */
  readonly errors: readonly ErrorForm[];
  readonly input: I;
  readonly output: O;
  /** What a field demands beyond the scope. */
  readonly alsoRequires?: (input: Parsed<I>) => readonly Scope[];
  /** The projects that a request names. */
  readonly projects: (input: Parsed<I>) => readonly string[];
  /** Every statement that `run` may use. */
  readonly statements: readonly AnyStatement[];
  /** Requests that show what it does, and among them use every statement. */
  readonly examples: readonly z.input<z.ZodObject<I['fields']>>[];
  readonly run: (work: Work, input: Parsed<I>) => Promise<z.output<O>>;
}

/** A verb of the service, the same through every door. */
export interface Operation<I extends Input = Input, O extends z.ZodType = z.ZodType>
  extends Omit<Definition<I, O>, 'alsoRequires' | 'projects' | 'run'> {
  /** Refuses with `insufficient_scope` a caller that may not use it, before anything is known of the request. */
  authorize(caller: Caller): void;
  /** Refuses as `authorize` does and with `project_forbidden`; then does what was asked, or rejects as documented. */
  run(asker: Asker, input: Parsed<I>): Promise<z.output<O>>;
}

/**
 * Defines a verb. What decides is here, below every door: the scope and the projects are checked, and the caller's
 * projects bound, whoever runs it.
 */
export function defineOperation<I extends Input, O extends z.ZodType>(
  definition: Definition<I, O>,
): Operation<I, O> {
  const { alsoRequires, projects, run, ...shown } = definition;
  const { name, scope, statements } = shown;
  const authorize = (caller: Caller) => requireScope(caller, scope);
  return {
    ...shown,
    authorize,
    async run({ caller, database }, parsed) {
      authorize(caller);
      for (const more of alsoRequires?.(parsed) ?? []) requireScope(caller, more);
      requireProjects(caller, projects(parsed));
      const allowed_projects = boundProjects(caller);
      const work: Work = {
        run<V extends ProjectScope, R>(statement: Statement<V, R>, values: Omit<V, keyof ProjectScope>) {
          if (!statements.some((known) => known.name === statement.name))
            throw new TypeError(`${name} does not list the statement ${statement.name}`);
          // V is the values with the projects, and nothing else.
          return database.run(statement, { ...values, allowed_projects } as unknown as V);
        },
      };
      return await run(work, parsed);
    },
  };
}
