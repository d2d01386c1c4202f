import type { DatabaseUnderTest } from './database.ts';

/** Faults that the server itself reports, made on it by SQL; each is an error of the real server. */
export type ServerFault =
  /** The backend is ended by an administrator while it runs the statement. */
  | 'backend_terminated'
  /** The database takes no further connection. */
  | 'too_many_connections'
  /** Nothing may be written, as on a standby. */
  | 'read_only'
  /** The statement fails with the error of a full disk; the disk itself has space. */
  | 'disk_full'
  /** The statement waits for a lock until the server's own timeout. */
  | 'statement_timeout';

interface Script {
  readonly begin: (id: string) => string;
  readonly end: (id: string) => string;
}

/** Every statement of the service that a fault is tried on touches one of these. */
const TABLES = [
  'tasks',
  'projects',
  'task_needs',
  'artifacts',
  'id_counters',
  'id_reservations',
  'log_state',
  'task_events',
] as const;

const onEachTable = (change: (table: string) => string) => TABLES.map(change).join(';');

/** Runs a command of PL/pgSQL within every statement of the service. */
const within = (command: string): Script => ({
  begin: () => `
    create function fault() returns boolean volatile language plpgsql as $$
      begin ${command}; return true; end $$;
    ${onEachTable(
      (table) => `create policy fault on ${table} using (fault()) with check (fault());
        alter table ${table} enable row level security`,
    )}`,
  end: () => `
    ${onEachTable((table) => `alter table ${table} disable row level security; drop policy fault on ${table}`)};
    drop function fault()`,
});

const SCRIPTS: Readonly<Record<ServerFault, Script>> = {
  // The sleep is where the backend notices that it is to end.
  backend_terminated: within('perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(60)'),
  too_many_connections: {
    begin: (id) => `alter database ${id} connection limit 0`,
    end: (id) => `alter database ${id} connection limit -1`,
  },
  read_only: {
    begin: (id) => `alter role service in database ${id} set default_transaction_read_only = on`,
    end: (id) => `alter role service in database ${id} reset default_transaction_read_only`,
  },
  disk_full: within(`raise 'could not extend file: No space left on device' using errcode = 'disk_full'`),
  statement_timeout: {
    begin: () => `begin; lock table ${TABLES.join(', ')} in access exclusive mode`,
    end: () => 'rollback',
  },
};

/** Whether the server makes that fault, rather than the way to it. */
export function isServerFault(fault: string): fault is ServerFault {
  return Object.hasOwn(SCRIPTS, fault);
}

/** Makes the fault on a database that the service reaches as an ordinary role; resolves with what ends it. */
export async function beginServerFault(
  database: DatabaseUnderTest,
  fault: ServerFault,
): Promise<() => Promise<void>> {
  const { begin, end } = SCRIPTS[fault];
  await database.query(begin(database.id));
  // Connections of a pool are older than the fault.
  await database.inject('none');
  return async () => {
    await database.query(end(database.id));
    await database.inject('none');
  };
}
