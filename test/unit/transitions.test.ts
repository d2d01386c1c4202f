import { describe, expect, it } from 'vitest';
import { EVENT_OF } from '../../src/domain/events.ts';
import { STATUSES } from '../../src/domain/task.ts';
import { allowedFrom, leadingBy, planTransition, resultOf } from '../../src/domain/transitions.ts';

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

  it('each cause leads from its own statuses', () => {
    expect(leadingBy('claim')).toEqual(['pending', 'in_progress']);
    expect(leadingBy('move')).toEqual(['pending', 'in_progress']);
    expect(leadingBy('move', 'completed')).toEqual(['in_progress']);
    expect(leadingBy('reset')).toEqual(['in_progress', 'completed', 'failed', 'cancelled']);
    expect(leadingBy('expiry', 'pending')).toEqual([]);
  });

  it.each([
    ['claim', 'in_progress', 'claimed'],
    ['release', 'pending', 'released'],
    ['retry', 'pending', 'retried'],
    ['expiry', 'failed', 'expired'],
  ] as const)('a %s leads to %s, and its event is %s', (cause, status, event) => {
    expect([resultOf(cause), EVENT_OF[cause]]).toEqual([status, event]);
  });

  it('a move and a reset have events of their own', () => {
    expect([EVENT_OF.move, EVENT_OF.reset]).toEqual(['moved', 'reset']);
  });
});
