import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LINES } from '../../src/contract/transfer-lines.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { AttemptError } from '../../src/db/failures.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { CLAIM_SLOTS, TASKS_PKEY } from '../../src/db/schema/names.ts';
import type { ProjectScope } from '../../src/db/sql/project-scope.ts';
import type { Statement } from '../../src/db/statement.ts';
import { SCOPES, unrestricted } from '../../src/domain/access.ts';
import { CODE_OF, type ErrorForm, exampleRefusal, refusal, remedyOf } from '../../src/domain/errors/index.ts';
import { inVocabulary, PLAIN } from '../../src/domain/words.ts';
import { addTasks } from '../../src/operations/add-tasks.ts';
import { CHECK_DATABASE } from '../../src/operations/check-database.ts';
import { claimTask } from '../../src/operations/claim-task.ts';
import { defineOperation } from '../../src/operations/define-operation.ts';
import { OPERATIONS } from '../../src/operations/index.ts';
import { EVERY_OPERATION, EVERY_USE, inputOf, useBy, useOf } from '../support/operations.ts';
import { WITHOUT_KEY } from '../support/request-ports.ts';

const CALLER = unrestricted('test');

const STATEMENTS = [CHECK_DATABASE, ...EVERY_OPERATION.flatMap(({ statements }) => statements)];

/** A database that fails in these ways, one look after another, and then adds the batch. */
function databaseThatFails(...failures: unknown[]) {
  const looks: unknown[] = [];
  const database: Database = {
    run: (_, values) => {
      looks.push(values);
      return looks.length <= failures.length
        ? Promise.reject(failures[looks.length - 1])
        : Promise.resolve([]);
    },
    elapsed: () => 0,
    mayHaveChanged: () => false,
    attempts: () => 0,
    rest: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return { database, looks };
}

/** Every hint and remedy of the catalog, with the operations that they name in brackets. */
const TASK_ERRORS_TEXT = (Object.keys(CODE_OF) as ErrorForm[])
  .map((name) => {
    const bracketed = { ...PLAIN, operation: (operation: string) => `{${operation}}` };
    const { hint = '' } = exampleRefusal(name);
    return `${inVocabulary(hint, bracketed)} ${inVocabulary(remedyOf(name), bracketed)}`;
  })
  .join('\n');

/** Every field that a client fills, of the inputs and of the lines that an import takes. */
const EVERY_FIELD = [
  ...EVERY_OPERATION.map(({ name, input }) => ({ of: name, fields: input.fields })),
  ...Object.entries(LINES).map(([kind, fields]) => ({ of: `a line of kind ${kind}`, fields })),
].flatMap(({ of, fields }) =>
  Object.entries<z.ZodType>(fields).map(([field, schema]) => ({ of, field, schema })),
);

describe('the fields of every input', () => {
  it.each(EVERY_FIELD)('$field of $of takes no text that Postgres cannot store', ({ schema }) => {
    for (const text of ['a\ud83d', 'a\u0000']) {
      for (const value of [text, [text], { [text]: 1 }, { a: text }])
        expect(schema.safeParse(value).success).toBe(false);
    }
  });
});

describe('the registry of operations', () => {
  it('lists each under its own name', () => {
    expect(EVERY_OPERATION.map(({ name }) => name)).toEqual(Object.keys(OPERATIONS));
  });

  it.each(EVERY_OPERATION)('has an example of $name for each of its statements', ({ name, statements }) => {
    const used = EVERY_USE.filter(({ operation }) => operation === name).map(
      ({ statement }) => statement.name,
    );
    expect(new Set(used)).toEqual(new Set(statements.map((statement) => statement.name)));
  });

  it.each(EVERY_OPERATION)(
    'lets nobody run $name without its scope, whatever the door',
    async (operation) => {
      const caller = { ...CALLER, scopes: SCOPES.filter((scope) => scope !== operation.scope) };
      for (const example of operation.examples) {
        await expect(useBy(operation, example, caller)).rejects.toMatchObject({
          code: 'insufficient_scope',
          details: { scope: operation.scope },
        });
      }
    },
  );

  it.each(EVERY_OPERATION)(
    'binds the projects of the caller of $name and refuses others by name, whatever the door',
    async (operation) => {
      const caller = { ...CALLER, projects: ['beta'] };
      for (const example of operation.examples) {
        const namesProject = JSON.stringify(inputOf(operation, example)).includes('"ai-agent-mcp-server"');
        const use = useBy(operation, example, caller);
        if (namesProject) await expect(use).rejects.toMatchObject({ code: 'project_forbidden' });
        else expect((await use).values).toMatchObject({ allowed_projects: ['beta'] });
      }
    },
  );

  it('lets an administrator alone force a move', async () => {
    const move = EVERY_OPERATION.find(({ name }) => name === 'move_task');
    const example = { task_id: 'TASK-1', status: 'completed', force: true };
    const caller = { ...CALLER, scopes: ['write'] as const };
    if (move === undefined) throw new Error('There is no move_task');
    await expect(useBy(move, example, caller)).rejects.toMatchObject({ details: { scope: 'admin' } });
  });
});

describe('a verb of the registry', () => {
  const withoutStatements = defineOperation({
    name: 'careless',
    scope: 'read',
    summary: '',
    answer: '',
    errors: [],
    input: { fields: {} },
    output: z.strictObject({}),
    projects: () => [],
    statements: [],
    examples: [],
    async run({ run }) {
      await run(useOf('read_metrics').statement as Statement<ProjectScope, unknown>, {});
      return {};
    },
  });

  it('an operation cannot run a statement that it does not list', async () => {
    const { database, looks } = databaseThatFails();
    await expect(withoutStatements.run({ database, caller: CALLER }, {})).rejects.toThrow(
      'careless does not list the statement read_metrics',
    );
    expect(looks).toEqual([]);
  });

  it('a hint or a remedy names operations that exist', () => {
    const operations = [...TASK_ERRORS_TEXT.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(operations.length).toBeGreaterThan(0);
    expect(Object.keys(OPERATIONS)).toEqual(expect.arrayContaining(operations));
  });
});

describe('the statements', () => {
  it('each statement has a name of its own', () => {
    expect(new Set(STATEMENTS.map(({ name }) => name)).size).toBe(STATEMENTS.length);
    for (const { name } of STATEMENTS) expect(name).toMatch(/^[a-z_]{1,63}$/);
  });

  it.each(STATEMENTS)('$name counts as a write exactly when it writes', ({ access, query }) => {
    const writes = /\b(insert into|update|delete from) [a-z]|\b(put|delete|provide)_[a-z]+\(/;
    expect(access).toBe(writes.test(query.sql) ? 'write' : 'read');
  });
});

const add = (database: Database) => addTasks.run({ database, caller: CALLER }, { tasks: [] });

describe('adding a batch that loses races', () => {
  const lost = () => new AttemptError('unique_violation', new Error('driver'), TASKS_PKEY);

  it.each([0, 1, 2])('a batch looks again after %i lost races', async (races) => {
    const { database, looks } = databaseThatFails(...Array.from({ length: races }, lost));
    await expect(add(database)).resolves.toEqual({ tasks_added: 0, task_ids: [] });
    expect(looks).toEqual(Array(races + 1).fill({ batch: '[]', needs: '[]', allowed_projects: null }));
  });

  it('a batch gives up after three looks', async () => {
    const last = lost();
    const { database, looks } = databaseThatFails(lost(), lost(), last, lost());
    await expect(add(database)).rejects.toBe(last);
    expect(looks).toHaveLength(3);
  });

  it.each([
    new AttemptError('rejected', new Error('driver')),
    new AttemptError('unique_violation', new Error('driver'), CLAIM_SLOTS),
    Object.assign(new Error('no attempt'), { meaning: 'unique_violation' }),
    refusal('task_exists', { existing: [{ project_id: 'p', task_id: 'TASK-1' }] }),
  ])('a batch does not look again after %s', async (error) => {
    const { database, looks } = databaseThatFails(error);
    await expect(add(database)).rejects.toBe(error);
    expect(looks).toHaveLength(1);
  });
});

describe('a claim that others are in the way of', () => {
  const INPUT = {
    project_id: 'p',
    agent_id: 'a',
    lease_seconds: 60,
    capacity: 1,
    generator_name: null,
    wait_seconds: 0,
  };
  const claim = (database: Database) => claimTask.run({ database, caller: CALLER }, INPUT);
  const NONE = { reason: 'none_due', task: null, claim: null, retry_after_seconds: 1 };
  const TIDY = { result: NONE, isUntidy: false, isFinal: true };
  const CONTENDED = { ...TIDY, isFinal: false };
  const lost = () => new AttemptError('unique_violation', new Error('driver'), CLAIM_SLOTS);

  /** A database that gives these outcomes, one look after another; a list is rows, anything else a failure. */
  function databaseThatGives(...outcomes: unknown[]) {
    const looks: unknown[] = [];
    const database: Database = {
      run: <R>(_: unknown, values: Readonly<Record<string, unknown>>) => {
        looks.push(values['concludes']);
        const outcome = outcomes.shift();
        // The rows are those that the test gives.
        return Array.isArray(outcome) ? Promise.resolve(outcome as R[]) : Promise.reject(outcome);
      },
      elapsed: () => 0,
      mayHaveChanged: () => false,
      attempts: () => 0,
      rest: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    return { database, looks };
  }

  it('a claim that skipped a task looks again, and has an outcome at the fourth look', async () => {
    const { database, looks } = databaseThatGives([CONTENDED], [CONTENDED], [CONTENDED], [TIDY]);
    expect(await claim(database)).toEqual(NONE);
    expect(looks).toEqual([...Array(3).fill('unless_contended'), 'any']);
  });

  it('a claim looks again, without counting, while other claims of the agent come first', async () => {
    const { database, looks } = databaseThatGives(...Array.from({ length: 99 }, lost), [], [TIDY]);
    expect(await claim(database)).toEqual(NONE);
    expect(looks).toEqual(Array(101).fill('unless_contended'));
  });

  it('a claim that saw something to tidy has its outcome even where the tidying fails', async () => {
    const { database, looks } = databaseThatGives([{ ...TIDY, isUntidy: true }], new Error('lost'));
    expect(await claim(database)).toEqual(NONE);
    expect(looks).toEqual(['unless_contended', undefined]);
  });

  it('a claim gives up at once over anything else', async () => {
    const defect = new AttemptError('rejected', new Error('driver'));
    await expect(claim(databaseThatGives(defect).database)).rejects.toBe(defect);
  });
});

describe('a database', () => {
  it('a database closes its driver when it is closed', async () => {
    let closed = 0;
    const driver = {
      execute: () => Promise.resolve([]),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
    const ports = {
      sleep: () => Promise.resolve(),
      random: () => 0,
      now: () => 0,
      ...WITHOUT_KEY,
    };
    await createDatabase(driver, RETRY_POLICY, ports).close();
    expect(closed).toBe(1);
  });
});
