import { type Client, TaskTrackerError } from '../../client/index.ts';
import { problemOf, timedClient } from '../demo/service-client.ts';
import { Problem } from '../local/problem.ts';
import { deletedBefore } from './deleted-before.ts';
import type { TaskList } from './listed-task.ts';
import { type Options, type Prepared, prepare } from './prepare.ts';
import { lookAt, type ProjectTasks, UNKNOWN_PROJECT } from './project-tasks.ts';
import { reportOf } from './report.ts';
import { type Added, send } from './send.ts';

export interface Wanted extends Options {
  readonly url: string;
  readonly key: string;
  readonly dryRun: boolean;
}

/** Adds a list to a project, or says what it would add, and reports. Resolves with whether nothing was left out. */
export async function importList(list: TaskList, wanted: Wanted): Promise<boolean> {
  const { project, url, key, dryRun } = wanted;
  const { client } = timedClient(url, key);
  const prepareFor = (known: ProjectTasks, added: Added) => prepare(list, wanted, known, added);
  // What is wrong with the list is told before the service is asked.
  prepareFor(UNKNOWN_PROJECT, new Map());
  const ids = list.tasks.flatMap((task) => [task.id, ...task.needs.map((need) => need.id)]);
  const look = lookAt(client, { ...wanted, ids });
  if (dryRun) {
    const known = await look.catch((error: unknown) => unlessOfTheCall(error, url));
    const prepared = prepareFor(known ?? UNKNOWN_PROJECT, new Map());
    tell(list, prepared);
    if (known !== undefined) await tellDeleted(client, wanted, prepared);
    console.log('Nothing was added');
    return prepared.leftOut.length === 0;
  }
  const known = await look.catch((error: unknown) => {
    throw problemOf(error, url);
  });
  const added: Added = new Map();
  const prepared = await send({ client, project, prepareFor }, known, added).catch((error: unknown) => {
    if (added.size > 0) console.log(`Added ${added.size} to ${project} before it failed${goingOn(added)}`);
    throw problemOf(error, url);
  });
  tell(list, prepared);
  const { length: there } = prepared.there;
  console.log(`Added ${added.size} of ${added.size + there} to ${project}; ${there} there already`);
  return prepared.leftOut.length === 0;
}

/** Tells that a service cannot be asked; rethrows what no other service or key would help against. */
function unlessOfTheCall(error: unknown, url: string): undefined {
  const problem = problemOf(error, url);
  const isOfTheCall = error instanceof TaskTrackerError && error.status === 400;
  if (isOfTheCall || !(problem instanceof Problem)) throw problem;
  console.log(`The project was not looked at, so ids may be taken. ${problem.message}`);
}

async function tellDeleted(client: Client, { project, url }: Wanted, { tasks }: Prepared): Promise<void> {
  const ids = tasks.flatMap(({ task }) => task.task_id ?? []);
  const deleted = await deletedBefore(client, project, ids).catch((error: unknown) => {
    throw problemOf(error, url);
  });
  if (deleted.length > 0)
    console.log(
      `Deleted here before: ${deleted.join(', ')}. One that was not purged holds its id: the import leaves the list's out, or renumbers it`,
    );
}

/** What a repetition does after a failure. */
function goingOn(added: Added): string {
  const unnamed = [...added.keys()].filter(({ hasNoId }) => hasNoId).length;
  return unnamed === 0
    ? ': repeat it to go on'
    : `: a repetition adds ${unnamed} of them again, which have no id in the list`;
}

function tell(list: TaskList, prepared: Prepared): void {
  for (const line of reportOf(list, prepared)) console.log(line);
}
