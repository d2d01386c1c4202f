import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { type DomainError, refusal, remedyOf } from '../../src/domain/errors/index.ts';
import { allowedFrom } from '../../src/domain/transitions.ts';
import { errorBody } from '../../src/http/error-answers.ts';
import { describeError } from '../../src/http/error-description.ts';
import { REST_VOCABULARY } from '../../src/rest/vocabulary.ts';
import { clockThatSleepMoves, NO_HEALTH, NO_PAUSES, readAsset } from '../support/options.ts';

/** An error as the REST door tells it. */
function toldOverRest(error: DomainError) {
  const { error: message, code, details } = errorBody(error, REST_VOCABULARY, 'id');
  return { message, code, details };
}

const tasksExist = (existing: { project_id: string; task_id: string }[]) =>
  toldOverRest(refusal('task_exists', { existing }));

const identities = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ project_id: 'p', task_id: `TASK-${index + 1}` }));

describe('the refusal of a body', () => {
  it('says once what to correct, whether or not a door tells the remedy beside the fact', () => {
    const { sentence, problems } = { sentence: 'Field x is given twice: give it once', problems: [] };
    const error = refusal('invalid_body', { sentence, problems });
    expect([error.words, error.fact, error.remedy]).toEqual([sentence, sentence, undefined]);
    expect(remedyOf('invalid_body')).toBe('Correct what problems lists, one by one');
  });
});

describe('the refusal of tasks that exist', () => {
  it('the refusal of one task that exists names it and says what to do', () => {
    const { code, message, details } = tasksExist(identities(1));
    expect(code).toBe('task_exists');
    expect(message).toBe(
      'Task ids exist already: TASK-1. Nothing was added; leave them out or choose other ids',
    );
    expect(details).toEqual({
      task_ids: ['TASK-1'],
      existing: identities(1),
      hint: 'Send the batch without these tasks, or with other ids for them',
    });
  });

  it.each([
    [20, /TASK-19, TASK-20\. Nothing/],
    [21, /TASK-19, TASK-20 and 1 more\. Nothing/],
    [500, /TASK-20 and 480 more\. Nothing/],
  ])('the refusal of %i tasks names up to 20 in the sentence and all in the details', (count, sentence) => {
    const { message, details } = tasksExist(identities(count));
    expect(message).toMatch(sentence);
    expect(details?.['task_ids']).toHaveLength(count);
    expect(details?.['existing']).toEqual(identities(count));
  });
});

describe('a refusal', () => {
  it('the refusal of an ambiguous id says how to name the project', () => {
    const { message, details } = toldOverRest(refusal('ambiguous_task', { task_id: 'TASK-1' }));
    expect(message).toContain('Add ?project=<project_id>');
    expect(details).toMatchObject({ task_id: 'TASK-1', hint: expect.stringContaining('?project=') });
  });

  it.each(['database_unavailable', 'outcome_unknown', 'outcome_unreported'] as const)(
    'a failure of the database keeps its cause',
    (name) => {
      const cause = new Error('reset');
      expect(refusal(name, {}, { cause })).toMatchObject({ name: 'DomainError', cause });
      expect(refusal(name, {}).details).toBeUndefined();
    },
  );

  it('a missing setting is named', () => {
    expect(refusal('not_configured', { problem: 'set LOG_LEVEL' })).toMatchObject({
      code: 'not_configured',
      message: 'The service is not configured: set LOG_LEVEL',
    });
  });

  it('the error after a lost answer says what to do', () => {
    expect(toldOverRest(refusal('outcome_unknown', {})).message).toContain(
      'Send the same request again with its Idempotency-Key, or read the task before you try again',
    );
  });
});

describe('a conflict', () => {
  const holder = { agent_id: 'a', lease_expires_at: '2026-01-31T09:00:00.000Z' };
  const held = { task_id: 'TASK-1', status: 'in_progress', holder } as const;
  const free = { ...held, status: 'completed', holder: null } as const;

  it.each([
    [
      refusal('invalid_transition', { ...free, to: 'failed' }),
      'Invalid status transition: completed → failed',
      /^Make one of the/,
    ],
    [
      refusal('claimed_by_other', held),
      'Task TASK-1 is claimed by a, and the request does not carry',
      /^Leave this task/,
    ],
    [
      refusal('claim_lost', free),
      'The claim on task TASK-1 has ended: the task is completed',
      /^Stop working on this task/,
    ],
  ])('a conflict names its cause and the next call: %s', (error, sentence, hint) => {
    const { code, message, details } = toldOverRest(error);
    expect(message).toContain(sentence);
    expect(details).toMatchObject({ reason: code, hint: expect.stringMatching(hint) });
  });

  it('a conflict tells the holder, the end of its lease and the allowed moves', () => {
    expect(toldOverRest(refusal('claimed_by_other', held)).details).toMatchObject({
      status: 'in_progress',
      holder: { agent_id: 'a', lease_expires_at: '2026-01-31T09:00:00.000Z' },
      allowed: allowedFrom('in_progress'),
    });
    expect(toldOverRest(refusal('claim_lost', free)).details).toMatchObject({
      holder: null,
      allowed: [{ status: 'pending', reset: true }],
    });
  });
});

describe('an error that nobody foresaw', () => {
  const answerTo = async (fault: unknown) => {
    const app = createApp({
      readAsset,
      waits: clockThatSleepMoves(),
      logLevel: 'silent',
      log: { write: () => undefined, wallClock: () => 0 },
      now: () => 0,
      corsOrigins: [],
      access: { kind: 'anonymous', caller: unrestricted('anonymous') },
      rateLimiters: {},
      openDatabase: () => {
        throw fault;
      },
      health: NO_HEALTH,
      pauses: NO_PAUSES,
      version: '0.0.0-test',
    });
    const answer = await app.request('/tasks/next?project=p');
    return { status: answer.status, text: await answer.text() };
  };

  it.each([new Error('secret'), new HTTPException(502, { message: 'secret' })])(
    'an unforeseen error is answered with a fixed sentence and the id to report: %s',
    async (fault) => {
      const { status, text } = await answerTo(fault);
      expect(status).toBe(500);
      expect(JSON.parse(text)).toEqual({
        success: false,
        code: 'internal_error',
        error: 'Unexpected error. Try again; if it persists, report the request_id to the operator',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    },
  );
});

describe('the description of an error', () => {
  const chain = (length: number): Error =>
    new Error(`${length}`, length === 1 ? {} : { cause: chain(length - 1) });
  const lengthOf = (error: { cause?: object } | undefined): number =>
    error === undefined ? 0 : 1 + lengthOf(error.cause);

  it.each([
    [1, 1],
    [8, 8],
    [9, 8],
  ])('the log of a chain of %i causes shows %i', (length, shown) => {
    expect(lengthOf(describeError(chain(length)))).toBe(shown);
  });

  it('the log leaves out a code that is no text and a cause that is missing', () => {
    const { stack, ...described } = describeError(Object.assign(new Error('x'), { code: 5 }));
    expect(stack).toContain('errors.test');
    expect(described).toEqual({ name: 'Error', message: 'x' });
    const bare = new Error('x');
    delete bare.stack;
    expect(describeError(bare).stack).toBe('');
  });
});
