import type { Entry, History } from './history.ts';
import { COPY, type CreatedTask, isWrite, UNNAMED, type View } from './intent.ts';
import { explain } from './order.ts';
import { descriptionBy, type ShownTask } from './task.ts';

/** What became of an operation, as far as its client can know. */
export type Outcome =
  /** Answered; the answer must be the one that the model gives. */
  | 'known'
  /** A write that may or may not have been carried out, now or later. */
  | 'unknown'
  /** It came to nothing: a read without an answer, or a write that changed nothing. */
  | 'nothing'
  /** An answer that no operation may be given. */
  | 'wrong';

/** Reads an answer's meaning for its operation. */
export function outcomeOf({ operation, view }: Entry): Outcome {
  // Others were in the way of the claim; it may have given up on tasks of agents that are gone.
  if (view['passed'] === true) return 'unknown';
  if (Number(view['status']) < 500) return 'known';
  if (view['code'] === 'outcome_unknown' && isWrite(operation.intent)) return 'unknown';
  return view['code'] === 'database_unavailable' ? 'nothing' : 'wrong';
}

/**
 * What is wrong with a history, in sentences; nothing where it is sound. Sound means that one order, which keeps
 * every operation behind those that were answered before it was sent, explains all answers and the final table by
 * the model: so no acknowledged write is lost, no effect happens twice, and each task takes a path of the
 * transition table. What can be seen without a search is said by name first.
 */
export function violationsIn(history: History): string[] {
  return [
    ...wrongAnswers(history),
    ...foreignTasks(history),
    ...wrongDates(history),
    ...brokenBatches(history),
    ...wrongOrders(history),
    ...givenTwice(history),
    ...givenTooEarly(history),
    ...stranded(history),
    ...history.unlogged,
    ...history.miscounted,
    ...explain(history, outcomeOf),
  ];
}

/** Fails with the violations and the whole history, or passes. */
export function expectSound(history: History): void {
  const violations = violationsIn(history);
  if (violations.length === 0) return;
  const entries = history.entries.toSorted((one, other) => one.sent - other.sent).map(describeEntry);
  const table = history.table.map((task) => JSON.stringify(task));
  throw new Error(['', ...violations, 'History:', ...entries, 'Table:', ...table].join('\n'));
}

/** One entry as a line. */
export function describeEntry({ client, sent, answered, operation, view }: Entry): string {
  const { number, intent, after } = operation;
  const behind = after === undefined ? '' : ` behind ${JSON.stringify(after)}`;
  return `  client ${client}, ${sent} to ${answered}: #${number} ${JSON.stringify(intent)}${behind} → ${JSON.stringify(view)}`;
}

function wrongAnswers({ entries, isFaulty }: History): string[] {
  const allowed: readonly Outcome[] = isFaulty ? ['known', 'unknown', 'nothing'] : ['known'];
  return entries
    .filter((entry) => entry.view['passed'] !== true && !allowed.includes(outcomeOf(entry)))
    .map((entry) => `An answer that may not be:${describeEntry(entry)}`);
}

function tasksShown(view: View): View[] {
  const shown = [
    view['task'],
    view['updated_task'],
    view['released_task'],
    view['deleted_task'],
    view['restored_task'],
    ...((view['tasks'] as View[] | undefined) ?? []),
    ...((view['claims'] as { task: View }[] | undefined) ?? []).map(({ task }) => task),
  ];
  return shown.filter((task): task is View => typeof task === 'object' && task !== null);
}

function foreignTasks({ entries }: History): string[] {
  return entries.flatMap((entry) => {
    const { intent } = entry.operation;
    if (!('project' in intent) || intent.project === undefined) return [];
    const own = intent.kind === 'transfer' ? COPY : intent.project;
    const isForeign = tasksShown(entry.view).some((task) => task['project'] !== own);
    return isForeign ? [`A task of another project:${describeEntry(entry)}`] : [];
  });
}

function wrongDates({ entries, table }: History): string[] {
  const isWrong = (task: View | ShownTask) => (task.status === 'completed') !== task['completed'];
  return [
    ...entries
      .filter((entry) => tasksShown(entry.view).some(isWrong))
      .map((entry) => `completed_at against the status:${describeEntry(entry)}`),
    ...table
      .filter(isWrong)
      .map((task) => `completed_at against the status in the table: ${JSON.stringify(task)}`),
  ];
}

/** Where the tasks that an operation added, but for copies of them, lie among those that were created. */
function placesOf(entry: Entry, created: readonly CreatedTask[]): number[] {
  const description = descriptionBy(entry.operation.number);
  return created.flatMap((task, place) =>
    task.description === description && task.project !== COPY ? [place] : [],
  );
}

function brokenBatches({ entries, created }: History): string[] {
  return entries.flatMap((entry) => {
    const { intent } = entry.operation;
    if (intent.kind !== 'add') return [];
    const found = placesOf(entry, created).length;
    const size = intent.tasks.length;
    if (found !== 0 && found !== size)
      return [`${found} of ${size} tasks of a batch:${describeEntry(entry)}`];
    if (entry.view['status'] === 200 && found === 0) return [`A lost batch:${describeEntry(entry)}`];
    const isAdded = found > 0 && entry.view['status'] !== 200 && outcomeOf(entry) !== 'unknown';
    return isAdded ? [`A refused batch was added:${describeEntry(entry)}`] : [];
  });
}

/** An id that the service gave is nobody else's, whatever became of it. */
function givenTwice({ entries }: History): string[] {
  const given = entries.flatMap((entry) => idsGivenBy(entry).map((id) => ({ entry, id })));
  return given
    .filter(({ id }, at) => given.findIndex((other) => other.id === id) !== at)
    .map(({ entry }) => `An id that was given twice:${describeEntry(entry)}`);
}

function idsGivenBy({ operation: { intent }, view }: Entry): string[] {
  if (view['status'] !== 200) return [];
  if (intent.kind === 'reserve') {
    // The contract's list of texts.
    return (view['reserved_ids'] as readonly string[]).map((id) => `${intent.project}/${id}`);
  }
  if (intent.kind !== 'add') return [];
  // Every batch that was added tells its ids.
  const ids = view['task_ids'] as readonly string[];
  return intent.tasks.flatMap(({ project, task }, at) => (task === UNNAMED ? [`${project}/${ids[at]}`] : []));
}

/** What a task needs is met before anybody is given it; somebody who works on it already keeps it. */
function givenTooEarly({ entries }: History): string[] {
  return entries
    .filter(({ operation, view }) => {
      const isGiven = operation.intent.kind === 'claim' && view['reason'] === 'claimed';
      return isGiven && tasksShown(view).some((task) => task['unmet'] !== 0);
    })
    .map((entry) => `A task that was given before its needs were met:${describeEntry(entry)}`);
}

/** Nobody is left to give these tasks to anybody: they were due, or held by agents that are gone; and nothing blocks them. */
function stranded({ isDrained, table }: History): string[] {
  if (!isDrained) return [];
  return table
    .filter((task) => task.unmet === 0 && (task.status === 'pending' || task.holder !== null))
    .map((task) => `A stranded task: ${JSON.stringify(task)}`);
}

function wrongOrders({ entries, created }: History): string[] {
  const added = entries.flatMap((entry) => {
    const { intent } = entry.operation;
    const places = placesOf(entry, created);
    if (intent.kind !== 'add' || entry.view['status'] !== 200) return [];
    // Every batch that was added tells its ids.
    const ids = entry.view['task_ids'] as readonly string[];
    const isInOrder = places.every((place, at) => created[place]?.task === ids[at]);
    return [{ entry, first: places.at(0) ?? 0, last: places.at(-1) ?? 0, isInOrder }];
  });
  const shuffled = added.filter(({ isInOrder }) => !isInOrder);
  const overtaken = added.filter((one) =>
    added.some((other) => other.entry.answered < one.entry.sent && other.last > one.first),
  );
  return [
    ...shuffled.map(({ entry }) => `A batch out of order:${describeEntry(entry)}`),
    ...overtaken.map(({ entry }) => `Created before an earlier batch:${describeEntry(entry)}`),
  ];
}
