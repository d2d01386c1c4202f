import { addTasksInput, addTasksOutput, type FiledTask, filed, type NewTask } from '../contract/add-tasks.ts';
import { EXAMPLE_BATCH, EXAMPLE_NUMBERED_BATCH } from '../contract/examples.ts';
import { isViolationOf } from '../db/failures.ts';
import { TASKS_PKEY } from '../db/schema/names.ts';
import { refusal } from '../domain/errors/index.ts';
import { cycleIn, GRAPH_LIMITS, needGroupOf } from '../domain/graph.ts';
import { ADD_NUMBERED_TASKS, ADD_TASKS } from './add-tasks-statement.ts';
import { defineOperation } from './define-operation.ts';

interface GivenEdge {
  readonly position: number;
  readonly need: string;
  readonly condition: string;
  readonly need_group: string;
  readonly on_failure: string;
}

function edgesOf({ needs }: NewTask, index: number): GivenEdge[] {
  return needs.map((need) => ({
    position: index + 1,
    need: need.task_id,
    condition: need.when,
    need_group: needGroupOf(need),
    on_failure: need.on_failure,
  }));
}

/** Refuses with `need_cycle` what the batch alone shows; the database looks at the rest. */
function refuseCycles(batch: readonly FiledTask[]): void {
  const named = batch.flatMap((task) =>
    task.task_id === undefined ? [] : [{ ...task, task_id: task.task_id }],
  );
  for (const ofProject of Map.groupBy(named, ({ project_id }) => project_id).values()) {
    const needs = new Map(ofProject.map((task) => [task.task_id, task.needs.map(({ task_id }) => task_id)]));
    const path = cycleIn(needs);
    if (path !== undefined) throw refusal('need_cycle', { path });
  }
}

/** How often a batch looks for all existing ids; the index, where it loses a race, names only one. */
const LOOKS = 3;

/** Adds all tasks or none. Rejects with `task_exists`, which names every task that exists already. */
export const addTasks = defineOperation({
  name: 'add_tasks',
  scope: 'write',
  summary: 'Add tasks',
  description:
    'Adds 1 to 500 tasks, all or none. Their order of creation is that of the array. A task may need others of its project, those of the same batch included; it is ready once they have ended as it asks. A task without an id gets the next of its project, in the order of the array; send such a batch with an idempotency key, since only that tells its repetition from another batch.',
  answer: 'All tasks were added',
  errors: [
    'duplicate_ids',
    'task_exists',
    'task_id_deleted',
    'too_many_needs_in_batch',
    'need_not_found',
    'need_cycle',
    'artifact_has_producer',
  ],
  input: addTasksInput,
  output: addTasksOutput,
  projects: (input) => filed(input).map(({ project_id }) => project_id),
  statements: [ADD_TASKS, ADD_NUMBERED_TASKS],
  examples: [EXAMPLE_BATCH, EXAMPLE_NUMBERED_BATCH],
  async run({ run }, input) {
    const batch = filed(input);
    const given = batch.flatMap(edgesOf);
    if (given.length > GRAPH_LIMITS.needsPerBatch) throw refusal('too_many_needs_in_batch', {});
    refuseCycles(batch);
    const values = { batch: JSON.stringify(batch), needs: JSON.stringify(given) };
    const ids = batch.flatMap(({ task_id }) => task_id ?? []);
    const isNamed = ids.length === batch.length;
    for (let look = 1; ; look += 1) {
      try {
        const [outcome] = await run(isNamed ? ADD_TASKS : ADD_NUMBERED_TASKS, values);
        const { existing = [], deleted = [], task_ids = ids } = outcome ?? {};
        if (deleted.length > 0) throw refusal('task_id_deleted', { existing, deleted });
        if (existing.length > 0) throw refusal('task_exists', { existing });
        return { tasks_added: batch.length, task_ids: [...task_ids] };
      } catch (error) {
        if (!isViolationOf(error, TASKS_PKEY) || look === LOOKS) throw error;
      }
    }
  },
});
