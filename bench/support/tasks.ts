import type { Pool } from 'pg';
import type { BenchRequest } from './http-client.ts';
import { settle } from './settle.ts';

/** Requests that all succeed, however many are sent. */
export const ENDPOINTS = ['next', 'list', 'get', 'move', 'batch', 'claim'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

const MIX: readonly Endpoint[] = ['next', 'list', 'move', 'batch'];
const JSON_LIST_LIMIT = 20;
let batchNumber = 0;
let claimNumber = 0;
/** The last task moved, by number of projects. */
const moveNumbers = new Map<number, number>();

/** Refills the table for ten projects: 90 % of the tasks completed, the rest pending. */
export async function fill(database: Pool, count: number): Promise<void> {
  await database.query('truncate tasks');
  await database.query(
    `insert into tasks (task_id, project_id, description, generator_name, status, inputs, expected_outputs, completed_at)
     select 'TASK-' || n / 10, 'project-' || n % 10, 'Generate HLS-' || n, 'hls-generator', state,
       '["PRD-006"]', jsonb_build_array('HLS-' || n), case when state = 'completed' then now() end
     from generate_series(0, $1::int - 1) as n,
     lateral (select case when n / 10 % 10 = 9 then 'pending' else 'completed' end as state) as states`,
    [count],
  );
  await settle(database);
}

/** Adds pending tasks to the projects in turn; each is started once. */
export async function addTasksToMove(database: Pool, count: number, projects = 10): Promise<void> {
  moveNumbers.set(projects, 0);
  await database.query(
    `insert into tasks (task_id, project_id, description, status)
     select 'M' || $2::int || '-' || n, 'project-' || n % $2::int, 'Kept for a move', 'pending'
     from generate_series(1, $1::int) as n`,
    [count, projects],
  );
  await settle(database);
}

export function requestTo(endpoint: Endpoint, number: number, projects = 10): BenchRequest {
  const project = `project-${number % projects}`;
  switch (endpoint) {
    case 'next':
      return { method: 'GET', path: `/tasks/next?project=${project}` };
    case 'list':
      return { method: 'GET', path: `/tasks?project=${project}&limit=${JSON_LIST_LIMIT}` };
    case 'get':
      return { method: 'GET', path: `/tasks/TASK-${number % 50}?project=${project}` };
    case 'move':
      return moveRequest(projects);
    case 'batch':
      return batchRequest(project);
    case 'claim':
      return claimRequest(project);
  }
}

/** The story's four endpoints in turn. */
export const mixed = (projects: number) => (number: number) =>
  requestTo(MIX[number % MIX.length] ?? 'next', Math.floor(number / MIX.length), projects);

/** Starts each task kept for moves once; sources run side by side, so none may wait for another. */
function moveRequest(projects: number): BenchRequest {
  const number = (moveNumbers.get(projects) ?? 0) + 1;
  moveNumbers.set(projects, number);
  return {
    method: 'PUT',
    path: `/tasks/M${projects}-${number}/status?project=project-${number % projects}`,
    body: { status: 'in_progress' },
  };
}

/** Starts and resets one task in turn, for sequential requests. */
export function toggleRequest(number: number): BenchRequest {
  const body = number % 2 === 0 ? { status: 'in_progress' } : { status: 'pending', reset: true };
  return { method: 'PUT', path: '/tasks/TASK-9/status?project=project-3', body };
}

/** Each claim is another agent's, so it gives out another task. */
function claimRequest(project: string): BenchRequest {
  claimNumber += 1;
  const body = { project_id: project, agent_id: `agent-${claimNumber}` };
  return { method: 'POST', path: '/tasks/claim', body };
}

function batchRequest(project: string): BenchRequest {
  batchNumber += 1;
  const task = { project_id: project, description: 'Added by the bench', status: 'completed' };
  const tasks = [1, 2].map((part) => ({ ...task, task_id: `B-${batchNumber}${part}` }));
  return { method: 'POST', path: '/tasks/batch', body: { tasks } };
}
