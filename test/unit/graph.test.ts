import { describe, expect, it } from 'vitest';
import { AttemptError } from '../../src/db/failures.ts';
import { graphRefusal } from '../../src/db/graph-refusal.ts';
import { cycleIn, NEED_CONDITIONS, needGroupOf, needState, ON_FAILURE } from '../../src/domain/graph.ts';

const needs = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe('a cycle among the needs of a batch', () => {
  it.each([
    { edges: {}, path: undefined },
    { edges: { A: ['B'], B: ['C'] }, path: undefined },
    { edges: { A: ['B', 'C'], B: ['D'], C: ['D'], D: [] }, path: undefined },
    { edges: { A: ['A'] }, path: ['A', 'A'] },
    { edges: { A: ['B'], B: ['A'] }, path: ['A', 'B', 'A'] },
    { edges: { X: ['A'], A: ['Y', 'B'], B: ['C'], C: ['A'] }, path: ['A', 'B', 'C', 'A'] },
  ])('of $edges it is $path', ({ edges, path }) => {
    expect(cycleIn(needs(edges))).toEqual(path);
  });

  it('is found in a diamond of many levels without walking every way', () => {
    const levels = Array.from({ length: 250 }, (_, level) => level);
    const diamond = levels.flatMap((level): [string, string[]][] => {
      const below = [`L-${level + 1}`, `R-${level + 1}`];
      return [
        [`L-${level}`, below],
        [`R-${level}`, below],
      ];
    });
    expect(cycleIn(new Map(diamond))).toBeUndefined();
    expect(cycleIn(new Map([...diamond, ['L-250', ['L-0']]]))).toHaveLength(252);
  });
});

describe('the state of a need', () => {
  it.each([
    ['completed', 'completed', 'met', 'met', 'met'],
    ['completed', 'failed', 'failed', 'failed', 'met'],
    ['completed', 'cancelled', 'failed', 'failed', 'met'],
    ['ended', 'completed', 'met', 'met', 'met'],
    ['ended', 'failed', 'met', 'met', 'met'],
    ['ended', 'cancelled', 'met', 'met', 'met'],
    ['failed', 'completed', 'failed', 'failed', 'met'],
    ['failed', 'failed', 'met', 'met', 'met'],
    ['failed', 'cancelled', 'failed', 'failed', 'met'],
  ] as const)(
    'when %s, of a task that is %s, it is %s, or by on_failure %s or %s',
    (when, end, ...states) => {
      expect(ON_FAILURE.map((onFailure) => needState(when, onFailure, end, false))).toEqual(states);
    },
  );

  it('is waiting until its task ends, and met by what is provided', () => {
    for (const when of NEED_CONDITIONS)
      for (const status of ['pending', 'in_progress', null] as const) {
        expect(needState(when, 'block', status, false)).toBe('waiting');
        expect(needState(when, 'block', status, true)).toBe('met');
      }
  });
});

describe('the group of a need', () => {
  it('is its own, unless one is given that others may have', () => {
    expect(needGroupOf({ task_id: 'A-1', group: null })).toBe('task:A-1');
    expect(needGroupOf({ task_id: 'A-1', group: 'any' })).toBe('group:any');
  });
});

describe('a refusal of the graph', () => {
  const attempt = (meaning: 'refused' | 'rejected', detail?: object) =>
    new AttemptError(meaning, new Error('driver'), undefined, detail && JSON.stringify(detail));

  it('becomes the error of its name, with its facts', () => {
    const facts = { path: ['A-1', 'B-1', 'A-1'] };
    expect(graphRefusal(attempt('refused', { refusal: 'need_cycle', facts }))).toMatchObject({
      code: 'need_cycle',
      details: facts,
    });
  });

  it.each([
    attempt('rejected', { refusal: 'need_cycle', facts: { path: [] } }),
    attempt('refused', { refusal: 'unheard_of', facts: {} }),
    attempt('refused'),
    new Error('no attempt'),
  ])('is no other failure: %s', (error) => {
    expect(graphRefusal(error)).toBeUndefined();
  });
});
