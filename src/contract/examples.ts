/** The examples of US-050, "API Endpoints Specification", with every field that an answer always has. */
export const EXAMPLE_TASK = {
  task_id: 'TASK-051',
  project_id: 'ai-agent-mcp-server',
  description: 'Generate PRD-006',
  generator_name: 'prd-generator',
  status: 'pending' as const,
  inputs: ['EPIC-006'],
  expected_outputs: ['PRD-006'],
  context_notes: 'New session CX required',
  created_at: '2025-10-18T10:00:00.000Z',
  updated_at: '2025-10-18T10:00:00.000Z',
  completed_at: null,
  completion_notes: null,
  priority: 2,
  effective_priority: 2,
  unmet_needs: 0,
  stuck_needs: 0,
  stale: false,
  not_before: null,
  max_attempts: 3,
  attempt: 0,
  retry_at: null,
  last_error: null,
  expiries: 0,
  max_expiries: null,
  max_run_seconds: null,
  progress: null,
  usage: null,
  result: null,
  artifacts: [],
  claimed_by: null,
  lease_expires_at: null,
  last_heartbeat_at: null,
  labels: ['prd'],
  metadata: { source: 'roadmap' },
  note_count: 0,
  revision: 1,
};

export const EXAMPLE_TASK_IN_PROGRESS = {
  ...EXAMPLE_TASK,
  status: 'in_progress' as const,
  updated_at: '2025-10-18T10:30:00.000Z',
};

export const EXAMPLE_CLAIM = {
  agent_id: 'agent-7',
  token: '1042.mT2xq8yB0kLwJ5dR',
  attempt: 1,
  lease_expires_at: '2025-10-18T10:45:00.000Z',
};

export const EXAMPLE_ATTEMPT = {
  agent_id: 'agent-7',
  attempt: 1,
  began_at: '2025-10-18T09:00:00.000Z',
  ended_at: '2025-10-18T09:20:00.000Z',
  outcome: 'failed' as const,
  error: 'No answer from the search service',
  progress: { percent: 40, note: 'Chapter 3 of 7' },
  usage: { input_tokens: 90_000, output_tokens: 12_000, cost_micro_usd: 450_000 },
};

export const EXAMPLE_TASK_CLAIMED = {
  ...EXAMPLE_TASK_IN_PROGRESS,
  attempt: EXAMPLE_CLAIM.attempt,
  claimed_by: EXAMPLE_CLAIM.agent_id,
  lease_expires_at: EXAMPLE_CLAIM.lease_expires_at,
  last_heartbeat_at: '2025-10-18T10:30:00.000Z',
};

export const EXAMPLE_TASK_COMPLETED = {
  ...EXAMPLE_TASK,
  status: 'completed' as const,
  updated_at: '2025-10-18T11:00:00.000Z',
  completed_at: '2025-10-18T11:00:00.000Z',
  completion_notes: 'PRD-006 v1 generated, 26/26 validation passed',
};

export const EXAMPLE_LIST = [
  {
    ...EXAMPLE_TASK_COMPLETED,
    task_id: 'TASK-050',
    description: 'Generate EPIC-006',
    generator_name: 'epic-generator',
    inputs: ['INIT-001'],
    expected_outputs: ['EPIC-006'],
    created_at: '2025-10-16T14:00:00.000Z',
    updated_at: '2025-10-16T15:00:00.000Z',
    completed_at: '2025-10-16T15:00:00.000Z',
    completion_notes: 'EPIC-006 v1 generated',
  },
  EXAMPLE_TASK_IN_PROGRESS,
];

const exampleNewTask = (task_id: string, output: string) => ({
  task_id,
  project_id: 'ai-agent-mcp-server',
  description: `Generate ${output}`,
  generator_name: 'hls-generator',
  status: 'pending' as const,
  inputs: ['PRD-006'],
  expected_outputs: [output],
  context_notes: '',
});

export const EXAMPLE_BATCH = {
  tasks: [exampleNewTask('TASK-046', 'HLS-006'), exampleNewTask('TASK-047', 'HLS-007')],
};

export const EXAMPLE_NUMBERED_BATCH = {
  project_id: EXAMPLE_TASK.project_id,
  tasks: [{ description: 'Generate HLS-008' }, { description: 'Generate HLS-009' }],
} as const;

export const EXAMPLE_NOTE = {
  version: 4,
  at: '2025-10-18T10:40:00.000Z',
  author: 'orchestrator',
  agent_id: EXAMPLE_CLAIM.agent_id,
  text: 'Chapter 3 waits for figures from finance',
};

export const EXAMPLE_EVENT = {
  seq: 1204,
  project_id: EXAMPLE_TASK.project_id,
  task_id: EXAMPLE_TASK.task_id,
  version: 1,
  at: '2025-10-18T10:30:00.000Z',
  type: 'claimed' as const,
  from_status: 'pending' as const,
  to_status: 'in_progress' as const,
  caller: 'orchestrator',
  agent_id: EXAMPLE_CLAIM.agent_id,
  attempt: EXAMPLE_CLAIM.attempt,
  data: { lease_seconds: 900 },
};

export const EXAMPLE_FOLLOWED_EVENT = {
  ...EXAMPLE_EVENT,
  cursor: 'NmYxYzJmMGUtNWE1MS00YzNhLTlhMWUtMGQ3YzFjOWE3ZDU1OjkwMjoxMjA0',
};

/** Of an export that has begun. */
export const EXAMPLE_EXPORT = {
  project: 'ai-agent-mcp-server',
  epoch: '6f1c2f0e-5a51-4c3a-9a1e-0d7c1c9a7d55',
  since: '3',
  at: '2025-10-18T10:00:00.000Z',
} as const;

/** What an export tells of a task, and of a note on it. */
export const EXAMPLE_LINES = [
  {
    kind: 'task',
    task_id: 'TASK-052',
    description: 'Generate HLS-006',
    generator_name: 'hls-generator',
    status: 'pending',
    inputs: ['PRD-006'],
    expected_outputs: ['HLS-006'],
    context_notes: null,
    created_at: '2025-10-18T10:00:00.000Z',
    updated_at: '2025-10-18T10:00:00.000Z',
    completed_at: null,
    pending_at: '2025-10-18T10:00:00.000Z',
    started_at: null,
    completion_notes: null,
    priority: 2,
    not_before: null,
    max_attempts: 3,
    attempt: 0,
    retry_at: null,
    last_error: null,
    expiries: 0,
    max_expiries: null,
    max_run_seconds: null,
    checkpoint: null,
    result: null,
    artifacts: [],
    labels: ['hls'],
    metadata: { source: 'roadmap' },
    version: 2,
    revision: 1,
    needs: [{ task_id: 'TASK-051', when: 'completed', group: null, on_failure: 'block', state: null }],
  },
  {
    kind: 'note',
    task_id: 'TASK-052',
    version: 2,
    at: '2025-10-18T10:30:00.000Z',
    author: 'planner',
    agent_id: null,
    text: 'Wait for the review of PRD-006',
  },
];
