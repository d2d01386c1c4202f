import type { Contested } from './claims.ts';
import type { Entry, History } from './history.ts';
import { sameTask } from './task.ts';

/**
 * Which tasks others may have had locked for a moment while an operation was under way: those that a write addressed,
 * even one that was refused, and those that a claim looked at and did not take. That is what its own agent holds, what
 * has become due or lost its agent, and anything where it may have begun anew.
 */
export function contestedDuring(entry: Entry, { entries, isFaulty }: History): Contested {
  // Where the way fails, an attempt that nobody waits for any more may come late.
  const mayMeet = (one: Entry, other: Entry) =>
    one !== other && one.sent < other.answered && (isFaulty || other.sent < one.answered);
  const contenders = entries
    .filter((other) => mayMeet(other, entry))
    .map((other) => lockedBy(other, isFaulty || entries.some((third) => areRivals(other, third, mayMeet))));
  return (task) => contenders.some((mayLock) => mayLock(task));
}

/** Two claims of one agent may choose the same slot, and then one of them begins anew. */
function areRivals(one: Entry, other: Entry, mayMeet: (one: Entry, other: Entry) => boolean): boolean {
  const [first, second] = [one.operation.intent, other.operation.intent];
  if (first.kind !== 'claim' || second.kind !== 'claim') return false;
  return first.agent === second.agent && first.project === second.project && mayMeet(one, other);
}

function lockedBy({ operation: { intent } }: Entry, beginsAnew: boolean): Contested {
  switch (intent.kind) {
    case 'move': {
      const { project } = intent;
      return (task) => task.task === intent.task && (project === undefined || task.project === project);
    }
    case 'heartbeat':
    case 'release':
    case 'delete':
      return (task) => sameTask(task, intent);
    case 'claim':
      return ({ project, claim, putOff }) =>
        project === intent.project &&
        (beginsAnew || claim?.agent === intent.agent || putOff || claim?.live === false);
    default:
      return () => false;
  }
}
