import type { Api } from '../support/api.ts';
import type { DatabaseUnderTest } from '../support/database.ts';

interface LoggedTask {
  readonly project: string;
  readonly task: string;
  readonly version: number;
  readonly status: string;
  readonly attempt: number;
  readonly holder: string | null;
  /** Their names. */
  readonly artifacts: readonly string[];
}

interface Event extends Omit<LoggedTask, 'status' | 'artifacts'> {
  /** Null where the change named none. */
  readonly artifacts: readonly string[] | null;
  readonly type: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Whether an import brought it: it tells what became of the task elsewhere. */
  readonly isHistory: boolean;
}

/**
 * Where the log does not tell what became of the tasks of projects with that prefix: folded in order, its events give
 * the table, each begins where the one before ended, and `/metrics` counts what is there. In sentences; none where it
 * does.
 */
export async function logViolations(
  database: DatabaseUnderTest,
  api: Api,
  prefix: string,
): Promise<string[]> {
  const events = await database.query<Event>(
    `select project_id as project, task_id as task, version, type, from_status as from, to_status as to, attempt,
       agent_id as holder, data -> 'artifacts' as artifacts, is_history as "isHistory"
     from task_events where starts_with(project_id, $1) order by seq`,
    [prefix],
  );
  const table = await database.query<LoggedTask>(
    `select project_id as project, task_id as task, version, status, attempt, claimed_by as holder,
       jsonb_path_query_array(artifacts, '$[*].name') as artifacts
     from tasks where starts_with(project_id, $1) order by project_id, task_id`,
    [prefix],
  );
  const { tasks, gaps } = fold(events);
  const folded = [...tasks.values()].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const stored = table.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const strays = await database.query<object>(STRAY_CASCADES, [prefix]);
  return [
    ...strays.map((event) => `A cascade that reached another project: ${JSON.stringify(event)}`),
    ...gaps,
    ...difference('The log folds to another table', folded, stored),
    ...difference('The metrics count another table', await metricsOf(api, prefix), countsOf(stored)),
  ];
}

/** What a cascade did in a project in which its request has done nothing, though it did elsewhere. */
const STRAY_CASCADES = `
  with own as materialized (
    select project_id, task_id, to_status, caller, xid
    from task_events
    where starts_with(project_id, $1)
  ),
  causes as (
    select distinct project_id, xid
    from own
    where caller <> 'graph'
  )
  select own.project_id as project, own.task_id as task, own.to_status as to
  from own
  where caller = 'graph'
    and exists (select from causes where causes.xid = own.xid)
    and not exists (select from causes where causes.xid = own.xid and causes.project_id = own.project_id)`;

const keyOf = ({ project, task }: { readonly project: string; readonly task: string }) =>
  `${project} ${task}`;

function fold(events: readonly Event[]) {
  const tasks = new Map<string, LoggedTask>();
  const deleted = new Map<string, LoggedTask>();
  const gaps: string[] = [];
  for (const event of events) {
    const key = keyOf(event);
    const before = (event.type === 'restored' ? deleted : tasks).get(key);
    if (!follows(event, before))
      gaps.push(`An event that follows nothing: ${JSON.stringify(event)} after ${JSON.stringify(before)}`);
    const task = taskAfter(event, before);
    if (task !== null) tasks.set(key, task);
    else if (before !== undefined) {
      deleted.set(key, { ...before, version: event.version });
      tasks.delete(key);
    }
  }
  return { tasks, gaps };
}

/** Whether an event begins where the one before ended: a restoration at the deletion, but from no status. */
function follows({ type, from, version, isHistory }: Event, before: LoggedTask | undefined): boolean {
  if (isHistory) return true;
  // A task begins anew with what its history came to.
  if (type === 'imported') return from === null && version >= (before?.version ?? 1);
  const status = type === 'restored' ? null : (before?.status ?? null);
  return from === status && version === (before?.version ?? 0) + 1;
}

/** After these, whoever is named holds the task. */
const GOES_ON: ReadonlySet<string> = new Set(['claimed', 'progressed', 'need_set', 'need_removed']);

/** After these, whoever held the task still does: they name who wrote. */
const LEAVES_HOLDER: ReadonlySet<string> = new Set(['edited', 'noted']);

/** The task that an event leaves; null where it leaves none. */
function taskAfter(event: Event, before: LoggedTask | undefined): LoggedTask | null {
  const { project, task, version, attempt, type, to: status } = event;
  if (status === null) return null;
  const holder = holderAfter(event, before);
  const kept = type === 'reset' ? [] : (before?.artifacts ?? []);
  return { project, task, version, status, attempt, holder, artifacts: event.artifacts ?? kept };
}

function holderAfter({ type, holder }: Event, before: LoggedTask | undefined): string | null {
  if (LEAVES_HOLDER.has(type)) return before?.holder ?? null;
  return GOES_ON.has(type) ? holder : null;
}

function countsOf(tasks: readonly LoggedTask[]): string[] {
  const counts = new Map<string, number>();
  for (const { project, status } of tasks) {
    const key = `${project} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).toSorted();
}

async function metricsOf(api: Api, prefix: string): Promise<string[]> {
  const text = await (await api.send('/metrics')).text();
  return [...text.matchAll(/^task_tracker_tasks\{project="([^"]+)",status="(\w+)"\} (\d+)$/gm)]
    .filter(([, project, , count]) => project?.startsWith(prefix) && count !== '0')
    .map(([, project, status, count]) => `${project} ${status} ${count}`)
    .toSorted();
}

function difference(sentence: string, found: readonly unknown[], expected: readonly unknown[]): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  return is === should ? [] : [`${sentence}: ${is}, not ${should}`];
}
