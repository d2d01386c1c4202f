import { inject } from 'vitest';
import { EMPTY_TABLES } from './empty-tables.ts';
import type { Fault, FaultExtent, FaultProxy } from './fault-proxy.ts';
import type { OrdinaryRole, TestBedCall, TestDatabase } from './test-bed.ts';

const FORM = inject('form');

/** The drivers that a suite of behaviour runs over, once for each. */
export const DRIVERS = FORM.drivers;

/** The drivers that a suite runs over which is about what may differ between them. */
export const CONFORMANCE_DRIVERS = FORM.conformanceDrivers;

/** A database of a test's own and the faults on the way to it. */
export interface DatabaseUnderTest extends TestDatabase {
  /** Asks the database itself, not through the service. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Deletes every row; waits for statements that write. */
  empty(): Promise<void>;
  /** Cuts the connections that are open, those of the gateway's pool too, and applies a fault to the next ones. */
  inject(fault: Fault, extent?: FaultExtent): Promise<void>;
  counts(): Promise<FaultProxy['counts']>;
  /** Has the tasks of that id locked while requests are sent, until so many statements wait for them: until when. */
  whileLocked<T>(
    taskId: string,
    waiters: number,
    send: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly until: number }>;
  /** Waits until no transaction of the cluster holds the log back, as those of the test files beside this one may. */
  settleLog(): Promise<void>;
  /** Waits until no statement is under way any more. */
  settle(): Promise<void>;
}

const WAITING = `
  select pid
  from pg_stat_activity
  where datname = current_database()
    and wait_event_type = 'Lock'`;

const UNDER_WAY = `
  select pid
  from pg_stat_activity
  where datname = current_database()
    and backend_type = 'client backend'
    and state <> 'idle'
    and pid <> pg_backend_pid()`;

const HELD_BACK = `
  select
  from task_events
  where xid >= pg_snapshot_xmin(pg_current_snapshot())
    and xid < pg_snapshot_xmax(pg_current_snapshot())
  limit 1`;

async function ask<T>(call: TestBedCall): Promise<T> {
  const response = await fetch(inject('testBed'), { method: 'POST', body: JSON.stringify(call) });
  if (!response.ok) throw new Error(await response.text());
  // The test bed answers each call with the one type that the caller names.
  return (await response.json()) as T;
}

const opened: string[] = [];

/** Lets the next file have the databases of this one, but for those whose schema or settings it changed. */
export async function handOnDatabases(): Promise<void> {
  await ask({ call: 'handOn', ids: opened.splice(0) });
}

/** Opens a migrated, empty database; the service is a superuser there unless it is given an ordinary role. */
export async function openTestDatabase(ordinaryRole?: OrdinaryRole): Promise<DatabaseUnderTest> {
  const database = await ask<TestDatabase>({
    call: 'open',
    ...(ordinaryRole === undefined ? {} : { ordinaryRole }),
  });
  const { id } = database;
  opened.push(id);
  const query = <Row>(text: string, values: unknown[] = []) =>
    ask<Row[]>({ call: 'query', id, text, values });
  return {
    ...database,
    query,
    async empty() {
      await query(EMPTY_TABLES);
    },
    async settleLog() {
      while ((await query(HELD_BACK)).length > 0);
    },
    async settle() {
      while ((await query(UNDER_WAY)).length > 0);
    },
    inject: (fault, extent = {}) => ask({ call: 'inject', id, fault, extent }),
    async whileLocked(taskId, waiters, send) {
      await ask({ call: 'lock', id, taskId });
      const sent = send();
      while ((await query(WAITING)).length < waiters);
      const until = Date.now();
      await ask({ call: 'unlock', id });
      return { answer: await sent, until };
    },
    counts: () => ask({ call: 'counts', id }),
  };
}
