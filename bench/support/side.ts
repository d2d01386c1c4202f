import path from 'node:path';
import { Pool } from 'pg';
import type { Driver } from '../../src/db/database.ts';
import { unrestricted } from '../../src/domain/access.ts';
import type { Operation } from '../../src/operations/define-operation.ts';

/** The service's operations of one tree, over one lasting connection to a database that its migrations made. */
export interface Side {
  /** For what no operation does. */
  readonly database: Pool;
  /** Runs an operation with what a client would send; resolves with its answer and its milliseconds. */
  run(verb: Verb, given: Readonly<Record<string, unknown>>): Promise<Ran>;
  close(): Promise<void>;
}

export interface Ran {
  readonly output: unknown;
  readonly time: number;
}

const VERBS = {
  claim: ['claim-task', 'claimTask'],
  move: ['move-task', 'moveTask'],
  add: ['add-tasks', 'addTasks'],
} as const;

export type Verb = keyof typeof VERBS;

const CALLER = unrestricted('bench');

/** Loads the operations of a tree and migrates a new database of that name for them. */
export async function openSide(root: string, url: string, admin: Pool): Promise<Side> {
  await admin.query(`create database ${new URL(url).pathname.slice(1)}`);
  const load = async (file: string): Promise<Readonly<Record<string, unknown>>> =>
    import(path.join(root, file));
  // Each of these is named and used alike since before the log; a tree without them fails here or at its first verb.
  const { applyMigrations } = (await load('scripts/local/migrations.ts')) as Loaded<'applyMigrations'>;
  const { hyperdriveDriver } = (await load('src/db/drivers/hyperdrive.ts')) as Loaded<'hyperdriveDriver'>;
  const { createDatabase } = (await load('src/db/database.ts')) as Loaded<'createDatabase'>;
  const { schemaOf } = (await load('src/contract/input.ts')) as Loaded<'schemaOf'>;
  const { requestPorts } = (await load('src/http/request-identity.ts')) as Loaded<'requestPorts'>;
  const { RETRY_POLICY } = (await load('src/db/retry.ts')) as Loaded<'RETRY_POLICY'>;
  await applyMigrations(url);
  const driver: Driver = hyperdriveDriver(url);
  const operations = new Map<Verb, Operation>();
  for (const [verb, [file, name]] of Object.entries(VERBS)) {
    // The table has no other verbs, and these files export operations.
    operations.set(verb as Verb, (await load(`src/operations/${file}.ts`))[name] as Operation);
  }
  const database = new Pool({ connectionString: url, max: 1 });
  return {
    database,
    async run(verb, given) {
      const operation = operations.get(verb);
      if (operation === undefined) throw new Error(`${root} has no ${verb}`);
      const input = schemaOf('field', operation.input).parse(given);
      const ports = { ...ALONE, ...portsOf(requestPorts) };
      const began = performance.now();
      const output = await operation.run(
        { database: createDatabase(driver, RETRY_POLICY, ports), caller: CALLER },
        input,
      );
      return { output, time: performance.now() - began };
    },
    async close() {
      await driver.close();
      await database.end();
    },
  };
}

interface Modules {
  readonly applyMigrations: typeof import('../../scripts/local/migrations.ts').applyMigrations;
  readonly hyperdriveDriver: typeof import('../../src/db/drivers/hyperdrive.ts').hyperdriveDriver;
  readonly createDatabase: typeof import('../../src/db/database.ts').createDatabase;
  readonly schemaOf: typeof import('../../src/contract/input.ts').schemaOf;
  readonly requestPorts: RequestPortsMaker;
  readonly RETRY_POLICY: typeof import('../../src/db/retry.ts').RETRY_POLICY;
}

type Loaded<Name extends keyof Modules> = Pick<Modules, Name>;
type RequestPortsMaker = typeof import('../../src/http/request-identity.ts').requestPorts;

const ALONE = {
  sleep: () => Promise.reject(new Error('Nothing fails here')),
  random: Math.random,
  now: () => performance.now(),
};

/** Of a request without a key. Before the log, the caller was no argument: the key came first. */
function portsOf(requestPorts: RequestPortsMaker) {
  const none = () => undefined;
  if (requestPorts.length > 2) return requestPorts(() => CALLER, none, none);
  // Two arguments tell that older form.
  const older = requestPorts as unknown as (
    key: () => undefined,
    onReplay: () => void,
  ) => ReturnType<RequestPortsMaker>;
  return older(none, none);
}
