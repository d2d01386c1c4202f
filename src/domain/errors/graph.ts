import { GRAPH_LIMITS } from '../graph.ts';
import type { Words } from '../words.ts';
import { type Code, firstOf, form, type NoFacts } from './form.ts';

const IDS_IN_SENTENCE = 20;
const NAMES_IN_SENTENCE = 10;

/** A need that keeps a task from being started. */
export interface UnmetNeed {
  readonly kind: 'task' | 'artifact';
  readonly need: string;
  readonly state: 'waiting' | 'failed';
}

const EXPLAIN: Words = [{ operation: 'explain_task' }, ' to see what each need waits for'];

export const GRAPH_ERRORS = {
  need_not_found: {
    status: 404,
    meaning: 'A task needs another that its project does not have; nothing was changed',
    forms: {
      need_not_found: form<{ task_ids: readonly string[] }>({
        fact: ({ task_ids }) =>
          `The project has no such task to need: ${firstOf(task_ids, IDS_IN_SENTENCE)}; nothing was changed`,
        remedy: 'Add the tasks first, or in the same batch, and check their ids',
        details: (facts) => facts,
        example: { task_ids: ['TASK-040'] },
      }),
      no_such_need: form<{ task_id: string; need: string }>({
        fact: ({ task_id, need }) => `Task ${task_id} does not need ${need}`,
        remedy: [{ operation: 'explain_task' }, ' to see what it needs'],
        example: { task_id: 'TASK-051', need: 'TASK-050' },
      }),
    },
  },
  need_cycle: {
    status: 409,
    meaning: 'Tasks would wait for each other for ever; nothing was changed',
    forms: {
      need_cycle: form<{ path: readonly string[] }>({
        fact: ({ path }) =>
          `Tasks would wait for each other: ${firstOf(path, IDS_IN_SENTENCE).replaceAll(', ', ' needs ')}; nothing was changed`,
        remedy: 'Leave out one need of the path',
        details: (facts) => facts,
        example: { path: ['TASK-051', 'TASK-052', 'TASK-051'] },
      }),
    },
  },
  artifact_has_producer: {
    status: 409,
    meaning: 'Two live tasks would make the same artifact; nothing was changed',
    forms: {
      artifact_has_producer: form<{ name: string; producer: string; task_id: string }>({
        fact: ({ name, producer, task_id }) =>
          `Task ${producer} makes the artifact ${name} already, so ${task_id} cannot; nothing was changed`,
        remedy: 'Leave the artifact out of expected_outputs, or cancel the other task first',
        details: (facts) => facts,
        example: { name: 'PRD-006', producer: 'TASK-051', task_id: 'TASK-090' },
      }),
    },
  },
  too_many_needs: {
    status: 409,
    meaning: 'A task, or a batch, has as many needs as it may have; nothing was changed',
    forms: {
      too_many_needs: form<{ task_id: string }>({
        fact: ({ task_id }) => `Task ${task_id} has ${GRAPH_LIMITS.needsPerTask} needs already`,
        remedy: 'Take one away, or put a task in between that needs some of them',
        example: { task_id: 'TASK-051' },
      }),
      too_many_needs_in_batch: form<NoFacts>({
        fact: `The tasks of the batch have more than ${GRAPH_LIMITS.needsPerBatch} needs together; nothing was added`,
        remedy: 'Send fewer tasks at once',
        example: {},
      }),
    },
  },
  needs_unmet: {
    status: 409,
    meaning: 'The task cannot be started before its needs are met; nothing was changed',
    forms: {
      needs_unmet: form<{ task_id: string; unmet: readonly UnmetNeed[] }>({
        fact: ({ task_id, unmet }) =>
          `Task ${task_id} waits for ${firstOf(
            unmet.map(({ need }) => need),
            NAMES_IN_SENTENCE,
          )}; nothing was changed`,
        remedy: 'Start another task, or send force with the scope admin',
        details: (facts) => facts,
        hint: [...EXPLAIN, ', or ', { operation: 'claim_task' }, ' for a task that is ready'],
        example: { task_id: 'TASK-052', unmet: [{ kind: 'task', need: 'TASK-051', state: 'waiting' }] },
      }),
    },
  },
  outputs_missing: {
    status: 422,
    meaning: 'The project checks completions, and an expected output has no artifact; nothing was changed',
    forms: {
      outputs_missing: form<{ task_id: string; missing: readonly string[] }>({
        fact: ({ task_id, missing }) =>
          `Task ${task_id} is to make ${firstOf(missing, NAMES_IN_SENTENCE)}, and the completion has no such artifact; nothing was changed`,
        remedy: 'Complete the task with an entry in artifacts for each of them',
        details: (facts) => facts,
        hint: 'Send the completion again with each missing name in artifacts',
        example: { task_id: 'TASK-051', missing: ['PRD-006'] },
      }),
    },
  },
  project_not_found: {
    status: 404,
    meaning: 'The project has never had a task or a setting',
    forms: {
      project_not_found: form<{ project_id: string }>({
        fact: ({ project_id }) => `Project ${project_id} has no tasks and no settings`,
        remedy: [
          { operation: 'list_projects' },
          ' for those that there are, or ',
          { operation: 'add_tasks' },
        ],
        example: { project_id: 'ai-agent-mcp-server' },
      }),
    },
  },
  project_too_large: {
    status: 409,
    meaning: 'The project has too many tasks to change what makes them ready; nothing was changed',
    forms: {
      project_too_large: form<{ project_id: string }>({
        fact: ({ project_id }) =>
          `Project ${project_id} has more than ${GRAPH_LIMITS.tasksPerSwitch} tasks, too many to change its readiness`,
        remedy: 'Add the tasks that are still to do to a new project whose readiness is set before',
        example: { project_id: 'ai-agent-mcp-server' },
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
