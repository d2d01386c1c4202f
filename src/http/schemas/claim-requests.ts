import { CAPACITY, LEASE_SECONDS } from '../../domain/claims.ts';
import { LIMITS } from '../../domain/task.ts';
import { closedObject } from './closed-object.ts';
import { claimToken, delaySeconds, notes, projectId, wholeNumber } from './fields.ts';
import { text } from './text.ts';

const leaseSeconds = wholeNumber(LEASE_SECONDS.least, LEASE_SECONDS.most);

/** Body of POST /tasks/claim. */
export const claimBody = closedObject('field', {
  project_id: projectId,
  agent_id: text({ min: 1, max: LIMITS.agentIdCharacters }).openapi({
    description: 'Names the agent; the same after a restart, so that it gets its task back',
    example: 'agent-7',
  }),
  lease_seconds: leaseSeconds
    .default(LEASE_SECONDS.default)
    .openapi({ description: 'How long the agent may keep the task without a heartbeat' }),
  generator_name: text({ max: LIMITS.generatorNameCharacters })
    .nullable()
    .default(null)
    .openapi({ description: 'Only tasks for that generator' }),
  capacity: wholeNumber(1, CAPACITY.most)
    .default(CAPACITY.default)
    .openapi({ description: 'How many tasks the agent may have at once' }),
}).openapi('ClaimRequest', { example: { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7' } });

/** Body of POST /tasks/{task_id}/heartbeat. */
export const heartbeatBody = closedObject('field', {
  claim_token: claimToken,
  lease_seconds: leaseSeconds
    .nullable()
    .default(null)
    .openapi({ description: 'The length of the new lease; that of the last one when absent' }),
}).openapi('HeartbeatRequest', { example: { claim_token: 1042 } });

/** Body of POST /tasks/{task_id}/release. */
export const releaseBody = closedObject('field', {
  claim_token: claimToken,
  delay_seconds: delaySeconds.openapi({ description: 'For how long the task is not given out again' }),
  notes: notes
    .nullable()
    .default(null)
    .openapi({ description: 'Kept as completion_notes for whoever takes the task next, when not empty' }),
}).openapi('ReleaseRequest', { example: { claim_token: 1042, notes: 'Half done: see branch draft-1' } });
