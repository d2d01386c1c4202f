import { EXAMPLE_CLAIM } from '../../src/contract/examples.ts';
import type { DatabaseUnderTest } from '../support/database.ts';
import { digestOf } from '../support/digest.ts';
import { RESERVATION } from '../support/example-task.ts';
import type { FuzzAnswer } from './answers.ts';
import type { FuzzRequest } from './requests.ts';

/** The tasks of the document's examples, one of them in two projects, one under the claim of the examples and one deleted; and their reservation. */
const REFILL = `do $$ begin
  delete from tasks;
  delete from deleted_tasks;
  delete from task_notes;
  delete from id_counters;
  delete from id_floors;
  delete from id_reservations;
  delete from idempotency_keys;
  insert into tasks (task_id, project_id, description, status, completed_at)
  select id, project, 'Known', status, case when status = 'completed' then now() end
  from (values
    ('TASK-051', 'ai-agent-mcp-server', 'pending'),
    ('TASK-046', 'ai-agent-mcp-server', 'in_progress'),
    ('TASK-047', 'ai-agent-mcp-server', 'completed'),
    ('TASK-050', 'ai-agent-mcp-server', 'pending'),
    ('TASK-050', 'another-project', 'pending'),
    ('TASK-049', 'ai-agent-mcp-server', 'pending')
  ) as known (id, project, status);
  update tasks set claimed_by = 'agent-7', claim_token = 1042, last_claim_token = '${EXAMPLE_CLAIM.token}', claim_slot = 1, attempt = 1,
    lease_seconds = 900, lease_expires_at = now() + interval '15 minutes'
  where task_id = 'TASK-046';
  perform from delete_task('ai-agent-mcp-server', 'TASK-049', false);
  insert into id_reservations (reservation_id, project_id, artifact_type, first_number, count, expires_at)
  values
    ('${RESERVATION}', 'ai-agent-mcp-server', 'US', 1, 3, now() + interval '15 minutes'),
    ('expired', 'ai-agent-mcp-server', 'US', 4, 3, now() - interval '15 minutes');
end $$`;

const FINGERPRINT = `select concat_ws(
  ', ',
  count(*) || ' tasks, last ' || coalesce(max(seq), 0),
  ${digestOf('tasks', 'seq')},
  ${digestOf('deleted_tasks', 'project_id, task_id')},
  ${digestOf('task_notes', 'project_id, task_seq, version')},
  ${digestOf('id_counters', 'project_id, prefix')},
  ${digestOf('id_reservations', 'reservation_id')}
) as fingerprint from tasks`;

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Gives the table its known content. */
export async function refill(database: DatabaseUnderTest): Promise<void> {
  await database.query(REFILL);
}

/** Describes the content of the table so that every change of it shows. */
export async function fingerprintOf(database: DatabaseUnderTest): Promise<string> {
  const rows = await database.query<{ fingerprint: string }>(FINGERPRINT);
  return rows[0]?.fingerprint ?? '';
}

/** Whether a request that was answered so may have changed the table. */
export function mayChange(
  { method }: Pick<FuzzRequest, 'method'>,
  { status, text }: Pick<FuzzAnswer, 'status' | 'text'>,
): boolean {
  // One GET is no read: it gives an id out.
  const isWrite = !READING.has(method.toUpperCase()) || text.includes('"next_id":');
  return status < 400 && isWrite;
}

/** What is wrong where the table was changed by what may not change it. */
export function changeBy(may: boolean, before: string, after: string): string | undefined {
  if (may || before === after) return undefined;
  return `the table was changed by what was refused or a read: ${before} → ${after}`;
}
