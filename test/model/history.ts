import type { Api } from '../support/api.ts';
import type { DatabaseUnderTest } from '../support/database.ts';
import type { Plan } from './arbitraries.ts';
import { type Exchange, newClient, newScope, type Scope } from './client.ts';
import type { Status, TaskKey } from './model.ts';

/** One exchange of one client, with the moments at which it was sent and answered on the run's own clock. */
export interface Entry extends Exchange {
  readonly client: number;
  readonly sent: number;
  readonly answered: number;
}

/** A task as it lies in the table. */
export interface StoredTask extends TaskKey {
  readonly status: Status;
  readonly description: string;
  readonly notes: string | null;
  readonly completed: boolean;
}

/** What several clients saw and what is in the table in the end, in the order of `seq`. */
export interface History {
  /** Whether the database may fail or be too slow; otherwise every operation has an outcome. */
  readonly isFaulty: boolean;
  readonly entries: readonly Entry[];
  readonly table: readonly StoredTask[];
}

/** Carries out a plan, its clients all at once, and writes down what happens; ends the faults of a plan that has any. */
export async function record(
  api: Api,
  database: DatabaseUnderTest,
  plan: Plan,
  isFaulty: boolean,
): Promise<History> {
  const scope = newScope();
  const entries: Entry[] = [];
  let clock = 0;
  const work = async (client: number, actions: Plan['clients'][number]) => {
    const perform = newClient(api, scope);
    for (const action of actions) {
      if (action.kind === 'fault') {
        await database.inject(action.fault, { times: action.times });
        continue;
      }
      clock += 1;
      const sent = clock;
      const exchange = await perform(action);
      clock += 1;
      entries.push({ ...exchange, client, sent, answered: clock });
    }
  };
  await work(0, plan.prelude);
  await Promise.all(plan.clients.map((actions, index) => work(index + 1, actions)));
  if (isFaulty) await database.inject('none');
  return { isFaulty, entries, table: await readTable(database, scope) };
}

async function readTable(database: DatabaseUnderTest, scope: Scope): Promise<StoredTask[]> {
  const rows = await database.query<StoredTask>(
    `select project_id as project, task_id as task, status, description, completion_notes as notes,
       completed_at is not null as completed
     from tasks where starts_with(project_id, $1) order by seq`,
    [scope.projectId('')],
  );
  return scope.localize(rows);
}
