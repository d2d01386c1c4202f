import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../src/domain/task.ts';
import { allowedFrom, planTransition } from '../../src/domain/transitions.ts';

describe('the transition table', () => {
  it('the table leads to each status from the statuses of the story', () => {
    expect(planTransition('in_progress', false)).toEqual({
      to: 'in_progress',
      reset: false,
      moveFrom: ['pending'],
      resetFrom: [],
    });
    expect(planTransition('completed', false).moveFrom).toEqual(['in_progress']);
    expect(planTransition('failed', false).moveFrom).toEqual(['in_progress']);
    expect(planTransition('cancelled', false).moveFrom).toEqual(['pending', 'in_progress']);
    expect(planTransition('pending', false)).toMatchObject({ moveFrom: [], resetFrom: [] });
  });

  it('reset adds the way back and takes nothing away', () => {
    expect(planTransition('pending', true).resetFrom).toEqual([
      'in_progress',
      'completed',
      'failed',
      'cancelled',
    ]);
    expect(planTransition('completed', true)).toMatchObject({ moveFrom: ['in_progress'], resetFrom: [] });
  });

  it('the allowed moves are exactly those that are accepted', () => {
    for (const from of STATUSES) {
      for (const { status, reset } of allowedFrom(from)) {
        const { moveFrom, resetFrom } = planTransition(status, reset);
        expect([...moveFrom, ...resetFrom]).toContain(from);
      }
    }
  });

  it('no move leads from a status to itself', () => {
    for (const status of STATUSES) {
      const { moveFrom, resetFrom } = planTransition(status, true);
      expect([...moveFrom, ...resetFrom]).not.toContain(status);
    }
  });
});
