import { describe, expect, it } from 'vitest';
import { classify, type FailureMeaning, type Phase } from '../../src/db/failures.ts';
import { describeError } from '../../src/http/error-description.ts';

function driverError(code: string | undefined, message = 'driver'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('a driver failure', () => {
  it.each<[string | undefined, Phase, FailureMeaning]>([
    [undefined, 'connecting', 'unreachable'],
    ['28P01', 'connecting', 'unreachable'],
    ['ECONNREFUSED', 'connecting', 'unreachable'],
    [undefined, 'executing', 'answer_lost'],
    ['ECONNRESET', 'executing', 'answer_lost'],
    ['EPIPE', 'executing', 'answer_lost'],
    ['08006', 'executing', 'answer_lost'],
    ['57P01', 'executing', 'answer_lost'],
    ['58000', 'executing', 'answer_lost'],
    ['08001', 'executing', 'unreachable'],
    ['53300', 'executing', 'unreachable'],
    ['57P03', 'executing', 'unreachable'],
    ['40001', 'executing', 'rolled_back'],
    ['40P01', 'executing', 'rolled_back'],
    ['55P03', 'executing', 'rolled_back'],
    ['25P04', 'executing', 'unavailable'],
    ['25006', 'executing', 'unavailable'],
    ['53100', 'executing', 'unavailable'],
    ['57014', 'executing', 'unavailable'],
    ['23505', 'executing', 'unique_violation'],
    ['42703', 'executing', 'rejected'],
    ['XX000', 'executing', 'rejected'],
    ['08P01', 'executing', 'answer_lost'],
    ['53200', 'executing', 'unavailable'],
    ['08004', 'executing', 'unreachable'],
    ['HV000', 'executing', 'rejected'],
    ['EPERM', 'executing', 'answer_lost'],
    ['X23505', 'executing', 'answer_lost'],
    ['235050', 'executing', 'answer_lost'],
    ['235', 'executing', 'answer_lost'],
  ])('a failure with code %s while %s means %s', (code, phase, meaning) => {
    expect(classify(driverError(code), phase).meaning).toBe(meaning);
  });

  it('a failure of a code that quotes no value keeps the server’s message', () => {
    const error = driverError('42703', 'column "notes" does not exist');
    expect(classify(error, 'executing').cause).toBe(error);
  });

  it('a failure without a code of the server is passed on as it is', () => {
    const error = driverError('ECONNRESET');
    expect(classify(error, 'executing')).toMatchObject({
      name: 'AttemptError',
      message: 'Database attempt failed: answer_lost',
      cause: error,
    });
    const numbered = Object.assign(new Error('driver'), { code: 23_505 });
    expect(classify(numbered, 'executing').meaning).toBe('answer_lost');
    expect(classify('no error at all', 'executing').meaning).toBe('answer_lost');
  });

  it('a failure whose message may quote a value is logged by its code only', () => {
    const failure = classify(driverError('22P02', 'invalid input syntax: "task text"'), 'executing');
    const described = JSON.stringify(describeError(failure));
    expect(described).toContain('22P02');
    expect(described).not.toContain('task text');
  });
});

describe('an error in the log', () => {
  it('a logged error has its causes with their codes and stacks', () => {
    const cause = driverError('ECONNREFUSED', 'refused');
    expect(describeError(new Error('outer', { cause }))).toMatchObject({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('failures.test'),
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    });
  });

  it('a circular chain of causes ends in the log', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/loop/g)?.length).toBeLessThan(50);
  });

  it('a value that is no error is logged by its type only', () => {
    expect(describeError('text')).toEqual({ name: 'string', message: 'not an Error', stack: '' });
  });
});
