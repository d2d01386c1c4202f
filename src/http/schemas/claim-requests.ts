import { CAPACITY, LEASE_SECONDS } from '../../domain/claims.ts';
import { LIMITS } from '../../domain/task.ts';
import { closedObject } from './closed-object.ts';
import { claimToken, delaySeconds, notes, projectId, unlessLeftOut, wholeNumber } from './fields.ts';
import { text } from './text.ts';

const leaseSeconds = wholeNumber(LEASE_SECONDS.least, LEASE_SECONDS.most);

/** Body of POST /tasks/claim. */
export const claimBody = closedObject('field', {
  project_id: projectId,
  agent_id: text({ min: 1, max: LIMITS.agentIdCharacters }).openapi({
    description: 'Names the agent; the same after a restart, so that it gets its task back',
    example: 'agent-7',
  }),
  lease_seconds: unlessLeftOut(
    leaseSeconds,
    LEASE_SECONDS.default,
    'How long the agent may keep the task without a heartbeat',
  ),
  generator_name: unlessLeftOut(
    text({ max: LIMITS.generatorNameCharacters }).nullable(),
    null,
    'Only tasks for that generator',
  ),
  capacity: unlessLeftOut(
    wholeNumber(1, CAPACITY.most),
    CAPACITY.default,
    'How many tasks the agent may have at once',
  ),
}).openapi('ClaimRequest', { example: { project_id: 'ai-agent-mcp-server', agent_id: 'agent-7' } });

/** Body of POST /tasks/{task_id}/heartbeat. */
export const heartbeatBody = closedObject('field', {
  claim_token: claimToken,
  lease_seconds: unlessLeftOut(
    leaseSeconds.nullable(),
    null,
    'The length of the new lease; null for that of the last one',
  ),
}).openapi('HeartbeatRequest', { example: { claim_token: 1042 } });

/** Body of POST /tasks/{task_id}/release. */
export const releaseBody = closedObject('field', {
  claim_token: claimToken,
  delay_seconds: unlessLeftOut(delaySeconds, null, 'For how long the task is not given out again'),
  notes: unlessLeftOut(
    notes.nullable(),
    null,
    'Kept as completion_notes for whoever takes the task next, when not empty',
  ),
}).openapi('ReleaseRequest', { example: { claim_token: 1042, notes: 'Half done: see branch draft-1' } });
