import { isDeepStrictEqual } from 'node:util';
import type { Ranks } from './adding.ts';
import type { Outcome } from './checker.ts';
import type { Contested } from './claims.ts';
import { connectedBy, contestedDuring } from './contention.ts';
import type { Entry, History } from './history.ts';
import { type CreatedTask, isWrite, type View } from './intent.ts';
import { outcomes, step } from './model.ts';
import { EMPTY, type State } from './state.ts';
import { type ShownTask, sameTask, viewOfTask } from './task.ts';

interface Candidate {
  readonly entry: Entry;
  readonly isKnown: boolean;
  readonly isContested: Contested;
}

/** How far the search came at best: what it could place, and what it was left with. */
interface Furthest {
  placed: readonly Candidate[];
  state: State;
}

interface Search {
  /** Whether answers may tell the graph as it was when they were sent again. */
  readonly isFaulty: boolean;
  readonly candidates: readonly Candidate[];
  readonly table: readonly ShownTask[];
  readonly ranks: Ranks;
  readonly seen: Set<string>;
  readonly furthest: Furthest;
}

/**
 * Looks for one order of the operations that explains every known answer and the table, by the model; depth
 * first, each state once (Wing and Gong's search for linearizability). An operation may only follow those that
 * were answered before it was sent. Of unknown outcomes any may be left out or come late.
 */
export function explain(history: History, outcomeOf: (entry: Entry) => Outcome): string[] {
  const { entries, table, created } = history;
  const candidates = entries.flatMap((entry): Candidate[] => {
    const outcome = outcomeOf(entry);
    const looks = [...earlierLooks(entry, history), ...(history.isFaulty ? earlierAttempts(entry) : [])];
    if (outcome !== 'known' && outcome !== 'unknown') return looks;
    const isContested = contestedDuring(entry, history);
    return [{ entry, isKnown: outcome === 'known', isContested }, ...looks];
  });
  const places = new Map(created.map((task, place) => [nameOf(task), place]));
  const search: Search = {
    isFaulty: history.isFaulty,
    candidates,
    table,
    // The sequence numbers a batch before it lands, so only the database knows the order of creation.
    ranks: (task) => places.get(nameOf(task)) ?? Number.POSITIVE_INFINITY,
    seen: new Set(),
    furthest: { placed: [], state: EMPTY },
  };
  return leadsToTable(search, EMPTY, []) ? [] : describeFailure(search);
}

/**
 * A claim answers with its last look, which may be any within its time; that is the claim of the model. Those before may
 * have given up on tasks of agents that are gone. It looks again where it waits, or where others may need those tasks.
 */
function earlierLooks(entry: Entry, { entries }: History): Candidate[] {
  const { intent, number } = entry.operation;
  if (intent.kind !== 'claim') return [];
  const isGraph = entries.some((other) =>
    connectedBy(other.operation.intent).some(({ project }) => project === intent.project),
  );
  if (intent.wait === undefined && !isGraph) return [];
  // The search tells candidates apart by their numbers.
  const operation = { intent: { kind: 'look', project: intent.project }, number: number + 0.5 } as const;
  return [{ entry: { ...entry, operation }, isKnown: false, isContested: () => false }];
}

/** What comes to the same when it is done twice is done again where its answer was lost, others in between or not. */
function earlierAttempts(entry: Entry): Candidate[] {
  const { intent, number } = entry.operation;
  if (intent.kind !== 'settings' && intent.kind !== 'artifact') return [];
  const operation = { intent, number: number + 0.5 };
  return [{ entry: { ...entry, operation }, isKnown: false, isContested: () => false }];
}

function nameOf({ project, task, description }: CreatedTask): string {
  return [project, task, description].join('/');
}

function leadsToTable(search: Search, state: State, placed: readonly Candidate[]): boolean {
  const rest = search.candidates.filter((candidate) => !placed.includes(candidate));
  const key = `${rest.map(({ entry }) => entry.operation.number).join()} ${JSON.stringify(state)}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  const open = rest.filter(({ isKnown }) => isKnown);
  if (open.length === 0 && isTable(state, search.table)) return true;
  if (isFurther(placed, search.furthest.placed)) Object.assign(search.furthest, { placed, state });
  const steps = stepsFrom(search, state, rest, open);
  // What explains its answer and changes nothing may as well come now: that forecloses nothing.
  const changing = new Set(steps.filter(({ after }) => after !== state).map(({ candidate }) => candidate));
  const idle = steps.find(({ candidate }) => !changing.has(candidate));
  const branches = idle === undefined ? steps : [idle];
  return branches.some(({ candidate, after }) => leadsToTable(search, after, [...placed, candidate]));
}

function stepsFrom(
  { ranks, isFaulty }: Search,
  state: State,
  rest: readonly Candidate[],
  open: readonly Candidate[],
) {
  const firstAnswer = Math.min(...open.map(({ entry }) => entry.answered));
  return rest
    .filter(({ entry }) => entry.sent < firstAnswer)
    .flatMap((candidate) => {
      const { isKnown, isContested, entry } = candidate;
      const seen = isKnown ? entry.view : undefined;
      const told = (view: View) => (isFaulty && isWrite(entry.operation.intent) ? withoutGraph(view) : view);
      const answer = told(entry.view);
      return outcomes(state, entry.operation, { ranks, seen }, isContested)
        .filter(({ state: after, view }) =>
          isKnown ? isDeepStrictEqual(told(view), answer) : after !== state,
        )
        .map(({ state: after }) => ({ candidate, after }));
    });
}

/** The answer to a write that was lost is made of the task as it is later; the graph may have changed meanwhile. */
function withoutGraph(view: View): View {
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => {
      if (typeof value !== 'object' || value === null || !('unmet' in value)) return [name, value];
      return [name, { ...value, effective: null, unmet: null, stuck: null, stale: null }];
    }),
  );
}

function isFurther(one: readonly Candidate[], other: readonly Candidate[]): boolean {
  const known = (placed: readonly Candidate[]) => placed.filter(({ isKnown }) => isKnown).length;
  return known(one) > known(other);
}

function isTable(state: State, table: readonly ShownTask[]): boolean {
  return (
    state.tasks.length === table.length &&
    state.tasks.every((task, place) => {
      const stored = table[place];
      return (
        stored !== undefined && sameTask(stored, task) && isDeepStrictEqual({ ...stored }, viewOfTask(task))
      );
    })
  );
}

function describeFailure({ candidates, ranks, furthest }: Search): string[] {
  const { placed, state } = furthest;
  const open = candidates.filter((candidate) => candidate.isKnown && !placed.includes(candidate));
  const order = placed.map(({ entry }) => `#${entry.operation.number}`).join(' ') || 'nothing';
  const expected = open.map(({ entry: { operation, view: seen } }) => {
    const { view } = step(state, operation, { ranks, seen });
    return `  #${operation.number} would then be answered ${JSON.stringify(view)}`;
  });
  const left = open.length === 0 ? ['  the table is another than that leads to'] : expected;
  return [
    `No order explains the history; the furthest, ${order}, leads to ${JSON.stringify(state)}`,
    ...left,
  ];
}
