import type { Api } from '../support/api.ts';
import type { TestClock } from '../support/clock.ts';
import type { DatabaseUnderTest } from '../support/database.ts';
import { graphFaults } from '../support/graph-oracle.ts';
import type { Plan } from './arbitraries.ts';
import { PROJECTS } from './arbitrary-parts.ts';
import { type Exchange, newClient, newScope, type Scope } from './client.ts';
import { readCreations } from './creations.ts';
import { COPY, type CreatedTask, type Intent, type TaskKey, type View } from './intent.ts';
import { logViolations } from './log.ts';
import type { ShownTask } from './task.ts';

/** One exchange of one client, with the moments at which it was sent and answered on the run's own clock. */
export interface Entry extends Exchange {
  readonly client: number;
  readonly sent: number;
  readonly answered: number;
}

/** What several clients saw and what is in the table in the end, in the order of `seq`. */
export interface History {
  /** Whether the database may fail or be too slow; otherwise every operation has an outcome. */
  readonly isFaulty: boolean;
  readonly entries: readonly Entry[];
  readonly table: readonly ShownTask[];
  /** All tasks that there ever were, in the order of `seq`. */
  readonly created: readonly CreatedTask[];
  /** Whether a last client has worked off all that could be claimed. */
  readonly isDrained: boolean;
  /** Where the log and the metrics do not tell what is in the table, in sentences. */
  readonly unlogged: readonly string[];
  /** Where a recount of the needs comes to something else than the counters, in sentences. */
  readonly miscounted: readonly string[];
}

/** What a plan is carried out on. */
export interface Bed {
  readonly api: Api;
  /** The same service for the last client, which waits for its answers: those that it did not get explain anything. */
  readonly patient: Api;
  readonly database: DatabaseUnderTest;
  readonly clock: TestClock;
}

/**
 * Carries out a plan, its clients all at once, and writes down what happens; ends the faults of a plan that has any.
 * In the end all clients are gone, and a last one works off what there is left to claim.
 */
export async function record(
  { api, patient, database, clock }: Bed,
  plan: Plan,
  isFaulty: boolean,
): Promise<History> {
  const scope = newScope();
  const entries: Entry[] = [];
  let moment = 0;
  const clientOf = (client: number, by: Api = api) => {
    const perform = newClient({ api: by, scope, clock });
    return async (intent: Intent) => {
      moment += 1;
      const sent = moment;
      const exchange = await perform(intent);
      moment += 1;
      entries.push({ ...exchange, client, sent, answered: moment });
      return exchange.view;
    };
  };
  const work = async (client: number, actions: Plan['clients'][number]) => {
    const perform = clientOf(client);
    for (const action of actions) {
      if (action.kind === 'fault') await database.inject(action.fault, { times: action.times });
      else await perform(action);
    }
  };
  const workAtOnce = (clients: Plan['clients']) =>
    Promise.all(clients.map((actions, index) => work(index + 1, actions)));
  await work(0, plan.prelude);
  await workAtOnce(plan.clients);
  if (plan.later.length > 0) await clientOf(0)(TICK);
  await workAtOnce(plan.later);
  if (isFaulty) await database.inject('none');
  await database.settle();
  const isCopied = entries.some(({ operation }) => operation.intent.kind === 'transfer');
  for (const project of isCopied ? [...PROJECTS, COPY] : PROJECTS) await drain(clientOf(0, patient), project);
  const created = await readCreations(database, scope);
  const unlogged = await logViolations(database, patient, scope.projectId(''));
  const miscounted = await graphFaults(database, scope.projectId(''));
  const table = await readTable(database, scope);
  return { isFaulty, isDrained: true, entries, table, created, unlogged, miscounted };
}

const TICK: Intent = { kind: 'tick' };

/**
 * Claims and completes until nothing is left, after the leases and pauses of all others. What got no answer is
 * claimed again: the same tasks come back.
 */
async function drain(perform: (intent: Intent) => Promise<View>, project: string): Promise<void> {
  await perform(TICK);
  await perform({ kind: 'settings', project, readiness: undefined, pause: 'none' });
  for (let claims = 0; claims < MOST_CLAIMS; claims += 1) {
    const view = await perform({ ...CLAIMING, project });
    // What viewOf makes of claims.
    const given = view['claims'] as readonly { readonly task: TaskKey }[] | undefined;
    if (given?.length === 0) return;
    for (const { task } of given ?? []) await perform({ ...COMPLETING, project, task: task.task });
  }
}

/** Far more than there are tasks, for the answers that do not come. */
const MOST_CLAIMS = 50;

const CLAIMING = {
  kind: 'claim',
  agent: 'last',
  capacity: 10,
  count: 10,
  lease: undefined,
  wait: undefined,
  again: undefined,
} as const;

const COMPLETING = {
  kind: 'move',
  to: 'completed',
  reset: undefined,
  notes: 'absent',
  token: 'newest',
  force: undefined,
  result: undefined,
  artifacts: undefined,
  again: undefined,
} as const;

async function readTable(database: DatabaseUnderTest, scope: Scope): Promise<ShownTask[]> {
  const rows = await database.query<ShownTask>(
    `select project_id as project, task_id as task, status, description, completion_notes as notes,
       coalesce(own_priority, priority) as priority, max_attempts as "maxAttempts", attempt, expiries, (progress -> 'percent')::int as progress, result,
       jsonb_path_query_array(artifacts, '$[*].name') as artifacts, last_error as error, claimed_by as holder,
       completed_at is not null as completed, retry_at is not null as retries,
       case when status in ('pending', 'in_progress') then priority end as effective, unmet_needs as unmet,
       stuck_needs as stuck, stale, revision, labels, note_count as noted
     from tasks where starts_with(project_id, $1) order by seq`,
    [scope.projectId('')],
  );
  return scope.localize(rows);
}
