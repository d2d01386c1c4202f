import { schemaOf } from '../../src/contract/input.ts';
import type { Database } from '../../src/db/database.ts';
import type { Statement, Values } from '../../src/db/statement.ts';
import { type Caller, unrestricted } from '../../src/domain/access.ts';
import type { Operation } from '../../src/operations/define-operation.ts';
import { loadOperation, OPERATIONS, type OperationName } from '../../src/operations/index.ts';
import { TIDY_TASKS } from '../../src/operations/tidy-tasks.ts';
import { PROJECT } from './example-task.ts';

// The keys of the registry are its names.
const NAMES = Object.keys(OPERATIONS) as OperationName[];

/** Every verb of the registry. */
export const EVERY_OPERATION: readonly Operation[] = await Promise.all(NAMES.map(loadOperation));

/** A statement as an operation used it, with the values that it bound. */
export interface Use {
  readonly operation: string;
  readonly statement: Statement<Values, unknown>;
  readonly values: Values;
}

class Enough extends Error {}

/** What a caller asks for by an example of an operation. */
export function inputOf({ input }: Operation, example: object): Record<string, unknown> {
  return schemaOf('argument', input).parse(example);
}

/** Runs an example until it comes to the database; resolves with the statement that it would have sent. */
export async function useBy(
  operation: Operation,
  example: object,
  caller: Caller = unrestricted('test'),
): Promise<Use> {
  const uses: Use[] = [];
  const database: Database = {
    run: (statement, values) => {
      // The recorder hands statement and values on together, so that they fit each other.
      const use = { operation: operation.name, statement, values } as unknown as Use;
      uses.push(use);
      return Promise.reject(new Enough());
    },
    elapsed: () => 0,
    mayHaveChanged: () => false,
    attempts: () => 0,
    rest: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  await operation.run({ caller, database }, inputOf(operation, example)).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  const [use] = uses;
  if (use === undefined) throw new Error(`${operation.name} asked the database for nothing`);
  return use;
}

/** Of a statement that only the answer to another one leads to. */
const FURTHER_USES: readonly Use[] = [
  {
    operation: 'claim_task',
    // The values fit the statement.
    statement: TIDY_TASKS as unknown as Use['statement'],
    values: { project_id: PROJECT, allowed_projects: null },
  },
];

/** Every statement as the examples of its operation use it. */
export const EVERY_USE: readonly Use[] = [
  ...(await Promise.all(
    EVERY_OPERATION.flatMap((operation) => operation.examples.map((example) => useBy(operation, example))),
  )),
  ...FURTHER_USES,
];

/** The use of the statement of that name. */
export function useOf(name: string): Use {
  const use = EVERY_USE.find(({ statement }) => statement.name === name);
  if (use === undefined) throw new Error(`No example uses ${name}`);
  return use;
}
