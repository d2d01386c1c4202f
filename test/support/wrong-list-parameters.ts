import { STATUSES } from '../../src/domain/task.ts';

type Wrong = readonly [sent: string, problem: string];

const each = (problem: string, ...sent: string[]): Wrong[] => sent.map((text) => [text, problem]);

const texts = (most: number): Wrong[] => [
  ...each(`must have 1 to ${most} characters`, '', 'x'.repeat(most + 1)),
  ...each('must not contain NUL characters (U+0000); leave them out', 'a%00b'),
];

const priorities = [
  ...each('must be a whole number from 0 to 4, in 1 to 4 digits', '', '-1', '1.5', '1e1', '10000', ' 1'),
  ...each('must be at most 4', '5', '9999'),
];

const moments = [
  ...each(
    'must be a moment in ISO 8601 with Z or an offset from UTC, such as 2026-01-31T09:00:00Z',
    ...['', '2026-01-31', 'now', '2026-01-31T09:00:00', '2026-02-30T09:00:00Z'],
  ),
  ...each('must lie in the years 1970 to 9999 of UTC', '1969-12-31T23:59:59Z'),
];

const FIELDS =
  'task_id, project_id, description, generator_name, status, inputs, expected_outputs, context_notes, created_at, updated_at, completed_at, completion_notes, priority, effective_priority, unmet_needs, stuck_needs, stale, not_before, max_attempts, attempt, retry_at, last_error, expiries, max_expiries, max_run_seconds, progress, usage, result, artifacts, claimed_by, lease_expires_at, last_heartbeat_at, labels, metadata, note_count, revision';

/** What is wrong with a parameter of GET /tasks that no other request has, or has otherwise. */
export const WRONG_LIST_PARAMETERS = {
  status: each(
    `must be one of ${STATUSES.join(', ')}, or several of them separated by commas`,
    ...['', 'done', 'PENDING', 'pending,', 'pending, failed', 'pending;failed'],
  ),
  state: each('must be one of ready, delayed, blocked, stuck', '', 'done', 'READY', 'ready,stuck'),
  label: texts(100),
  generator_name: texts(200),
  claimed_by: texts(200),
  priority_min: priorities,
  priority_max: priorities,
  created_after: moments,
  created_before: moments,
  updated_after: moments,
  updated_before: moments,
  id_prefix: [
    ...each(
      'must be the beginning of a task id, such as TASK-0: capital letters, digits and hyphens',
      ...['', 'task', '-A', 'A_', ' A'],
    ),
    ...each('must have at most 64 characters', 'A'.repeat(65)),
  ],
  q: texts(200),
  sort: each(
    'must be one of created, -created, updated, -updated, priority, -priority, relevance',
    ...['', 'age', 'Created', '--created'],
  ),
  fields: each(
    `must be fields of a task separated by commas, out of ${FIELDS}`,
    ...['', 'id', 'task_id,', 'task_id, status'],
  ),
  view: each('must be one of full, brief', '', 'tiny'),
  total: each('must be true or false', '', '1', 'yes', 'TRUE'),
} as const;
