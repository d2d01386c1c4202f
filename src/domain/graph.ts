import type { Status } from './task.ts';

/** How a task must have ended for a need to be met. */
export const NEED_CONDITIONS = ['completed', 'ended', 'failed'] as const;

export type NeedCondition = (typeof NEED_CONDITIONS)[number];

/** What a need that can no longer be met does to the task that has it. */
export const ON_FAILURE = ['block', 'cancel', 'ignore'] as const;

export type OnFailure = (typeof ON_FAILURE)[number];

/** Another task, or an artifact that a task makes or that comes from outside. */
export const NEED_KINDS = ['task', 'artifact'] as const;

export type NeedKind = (typeof NEED_KINDS)[number];

/** `failed` can no longer be met. */
export const NEED_STATES = ['waiting', 'met', 'failed'] as const;

export type NeedState = (typeof NEED_STATES)[number];

type End = 'completed' | 'failed' | 'cancelled';

/** THE table of needs: what one comes to when its task ends, by the condition it has. need_state in SQL says the same. */
export const NEED_OUTCOMES: Readonly<Record<NeedCondition, Readonly<Record<End, 'met' | 'failed'>>>> = {
  completed: { completed: 'met', failed: 'failed', cancelled: 'failed' },
  ended: { completed: 'met', failed: 'met', cancelled: 'met' },
  failed: { completed: 'failed', failed: 'met', cancelled: 'failed' },
};

/** What on_failure makes of a need that the table has as failed. */
export const FAILURES: Readonly<
  Record<OnFailure, { readonly state: 'met' | 'failed'; readonly effect: string }>
> = {
  block: { state: 'failed', effect: 'The task stays pending and stuck until somebody decides' },
  cancel: { state: 'failed', effect: 'The task is cancelled, and so is what needs it in the same way' },
  ignore: { state: 'met', effect: 'The need counts as met' },
};

/** The ends of a task, in the order of the table. */
export const ENDS: readonly End[] = ['completed', 'failed', 'cancelled'];

/** The state of a need by the status of the task that decides, null where there is none; by both tables. */
export function needState(
  condition: NeedCondition,
  onFailure: OnFailure,
  status: Status | null,
  isProvided: boolean,
): NeedState {
  if (isProvided) return 'met';
  const end = ENDS.find((one) => one === status);
  if (end === undefined) return 'waiting';
  const outcome = NEED_OUTCOMES[condition][end];
  return outcome === 'met' ? outcome : FAILURES[onFailure].state;
}

/** What counts as a need: what `needs` says, or `inputs` too. */
export const READINESS = ['declared', 'inputs'] as const;

export type Readiness = (typeof READINESS)[number];

/** Whether a completion has to bring every expected output. */
export const COMPLETION = ['free', 'checked'] as const;

export type Completion = (typeof COMPLETION)[number];

export const GRAPH_LIMITS = {
  needsPerTask: 100,
  groupCharacters: 100,
  /** In one batch, inputs included. */
  needsPerBatch: 10_000,
  /** How many tasks one change may cancel; the upkeep goes on with the rest. */
  cascade: 10_000,
  /** How many of the rest one step of the upkeep cancels. */
  cascadeStep: 2_000,
  /** How many tasks a project may have when its readiness changes. */
  tasksPerSwitch: 10_000,
  pauseReasonCharacters: 500,
  /** Where the counts of a project end. */
  counted: 10_000,
  /** Where those end that come with a claim that gets nothing. */
  countedByClaim: 1_000,
  projectsShown: 1_000,
  dependentsShown: 100,
  /** What one answer has of the graph. */
  graphTasks: 500,
  graphDepth: 5,
  /** How many ways to a task a look at the graph follows. */
  graphSteps: 4_000,
  /** What a claim brings of what its task needs, as JSON. */
  contextBytes: 8 * 1024,
  contextNeeds: 20,
  contextAttempts: 3,
} as const;

/** The name of a need's group as it is stored; without one given, a need is a group of its own. */
export function needGroupOf({
  task_id,
  group,
}: {
  readonly task_id: string;
  readonly group: string | null;
}): string {
  return group === null ? `task:${task_id}` : `${GIVEN_GROUP}${group}`;
}

export const GIVEN_GROUP = 'group:';

/** What each task needs. */
type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Finds tasks that wait for each other: each needs the next, and the last is the first again. Undefined where there are
 * none. Needs for tasks outside the map lead nowhere.
 */
export function cycleIn(needs: Needs): string[] | undefined {
  const done = new Set<string>();
  for (const start of needs.keys()) {
    const path: { readonly id: string; readonly left: Iterator<string> }[] = [];
    const onPath = new Set<string>();
    const enter = (id: string) => {
      onPath.add(id);
      path.push({ id, left: (needs.get(id) ?? []).values() });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.next();
      if (next.done) {
        path.pop();
        onPath.delete(top.id);
        done.add(top.id);
      } else if (onPath.has(next.value)) {
        const ids = path.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(next.value)), next.value];
      } else if (!done.has(next.value) && needs.has(next.value)) enter(next.value);
    }
  }
  return undefined;
}
