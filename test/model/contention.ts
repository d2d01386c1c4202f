import type { Contested } from './claims.ts';
import type { Entry, History } from './history.ts';
import type { Intent, TaskKey } from './intent.ts';
import { sameTask } from './task.ts';

/**
 * Which tasks others may have had locked for a moment while an operation was under way, or for a change of many, which
 * goes by what there was when it began, may have changed meanwhile: those that a write addressed,
 * even one that was refused, and those that a claim looked at and did not take. That is what its own agent holds, what
 * has become due or lost its agent, and anything where it may have begun anew. A write that may end a task, or changes
 * the graph, may lock all of its project's graph.
 */
export function contestedDuring(entry: Entry, { entries, isFaulty }: History): Contested {
  // Where the way fails, an attempt that nobody waits for any more may come late.
  const mayMeet = (one: Entry, other: Entry) =>
    one !== other && one.sent < other.answered && (isFaulty || other.sent < one.answered);
  const graph = entries.flatMap(({ operation }) => connectedBy(operation.intent));
  const isConnected: Contested = (task) => graph.some((key) => sameTask(key, task));
  const isBulk = entry.operation.intent.kind === 'bulk';
  const ages = Math.min(...entries.filter(isTick).map(({ sent }) => sent));
  const contenders = entries
    .filter((other) => mayMeet(other, entry))
    .flatMap((other): Contested[] => {
      const beginsAnew = isFaulty || entries.some((third) => areRivals(other, third, mayMeet));
      const own = isBulk ? changedBy(other, beginsAnew) : lockedBy(other, beginsAnew);
      const mayEnd = other.operation.intent.kind !== 'claim' || other.answered > ages;
      if (!mayEnd) return [own];
      const mayReach = reachOf(other.operation.intent);
      return [own, (task) => mayReach(task) && isConnected(task)];
    });
  return (task) => contenders.some((mayLock) => mayLock(task));
}

const isTick = ({ operation }: Entry) => operation.intent.kind === 'tick';

/** The tasks that an operation makes part of the graph, where it is carried out. */
export function connectedBy(intent: Intent): readonly TaskKey[] {
  if (intent.kind === 'need') return [intent, { ...intent, task: intent.need }];
  if (intent.kind !== 'add') return [];
  return intent.tasks.flatMap(({ project, task, needs = [], inputs = [], outputs = [] }) => {
    const named = [task, ...needs.map(({ need }) => need)].map((id) => ({ project, task: id }));
    return named.length + inputs.length + outputs.length > 1 ? named : [];
  });
}

/** Whose graph an operation may lock. */
function reachOf(intent: Intent): Contested {
  switch (intent.kind) {
    case 'add':
      return ({ project }) => intent.tasks.some((task) => task.project === project);
    case 'move':
      return ({ project }) => intent.project === undefined || intent.project === project;
    case 'edit':
      return ({ project }) => intent.priority !== undefined && project === intent.project;
    case 'delete':
    case 'restore':
    case 'bulk':
    case 'claim':
    case 'need':
    case 'unneed':
    case 'artifact':
    case 'settings':
      return ({ project }) => project === intent.project;
    default:
      return () => false;
  }
}

/** Two claims of one agent may choose the same slot, and then one of them begins anew. */
function areRivals(one: Entry, other: Entry, mayMeet: (one: Entry, other: Entry) => boolean): boolean {
  const [first, second] = [one.operation.intent, other.operation.intent];
  if (first.kind !== 'claim' || second.kind !== 'claim') return false;
  return first.agent === second.agent && first.project === second.project && mayMeet(one, other);
}

/** Besides what it has locked, what it adds, and whatever a claim may have got. */
function changedBy(other: Entry, beginsAnew: boolean): Contested {
  const { intent } = other.operation;
  switch (intent.kind) {
    case 'add':
      return (task) => intent.tasks.some((each) => task.project === each.project);
    case 'restore':
      return (task) => sameTask(task, intent);
    case 'claim':
      return ({ project }) => project === intent.project;
    default:
      return lockedBy(other, beginsAnew);
  }
}

function lockedBy({ operation: { intent } }: Entry, beginsAnew: boolean): Contested {
  switch (intent.kind) {
    case 'move': {
      const { project } = intent;
      return (task) => task.task === intent.task && (project === undefined || task.project === project);
    }
    case 'heartbeat':
    case 'release':
    case 'edit':
    case 'note':
    case 'delete':
    case 'unneed':
      return (task) => sameTask(task, intent);
    case 'need':
      return (task) =>
        task.project === intent.project && (task.task === intent.task || task.task === intent.need);
    case 'settings':
      return ({ project }) => intent.readiness !== undefined && project === intent.project;
    case 'bulk': {
      const { ids } = intent.target;
      return ({ project, task }) => project === intent.project && (ids === undefined || ids.includes(task));
    }
    case 'claim':
      // One that takes several looks at more than it takes.
      return ({ project, claim, putOff }) =>
        project === intent.project &&
        (beginsAnew ||
          (intent.count ?? 1) > 1 ||
          claim?.agent === intent.agent ||
          putOff ||
          claim?.live === false);
    default:
      return () => false;
  }
}
