import { describe, expect, it } from 'vitest';
import type { ClaimContext } from '../../src/contract/claim-context.ts';
import { boundedContext } from '../../src/operations/claim-context.ts';

const NEED = { kind: 'task', need: 'A-1', task_id: 'A-1', status: 'completed' } as const;
const large = 'x'.repeat(5_000);
const bytesOf = (context: ClaimContext) => new TextEncoder().encode(JSON.stringify(context)).byteLength;

describe('the context of a claim', () => {
  it('is left as it is where it fits', () => {
    const context: ClaimContext = { needs: [{ ...NEED, result: { pages: 12 }, completion_notes: 'Done' }] };
    expect(boundedContext(context)).toEqual(context);
    expect(boundedContext({ attempts: [] })).toEqual({ attempts: [] });
  });

  it('loses the largest result first, and says so there', () => {
    const small = { ...NEED, need: 'B-1', result: 'small', completion_notes: 'Done' };
    const context: ClaimContext = { needs: [{ ...NEED, result: [large, large] }, small] };
    expect(boundedContext(context)).toEqual({ needs: [{ ...NEED, is_cut: true }, small] });
  });

  it('loses artifacts before notes, and the errors of attempts last, until it fits', () => {
    const artifacts = [{ name: 'A', uri: large }];
    const attempt = { agent_id: 'x', ended_at: '2026-01-01T00:00:00.000Z', outcome: 'failed' as const };
    const context: ClaimContext = {
      needs: [{ ...NEED, artifacts, completion_notes: large }],
      attempts: [{ ...attempt, error: large }],
    };
    expect(boundedContext({ ...context, attempts: [] })).toEqual({
      needs: [{ ...NEED, completion_notes: large, is_cut: true }],
      attempts: [],
    });
    const bounded = boundedContext({ ...context, attempts: [{ ...attempt, error: large + large }] });
    expect(bounded).toEqual({ needs: [{ ...NEED, is_cut: true }], attempts: [{ ...attempt, is_cut: true }] });
    expect(bytesOf(bounded)).toBeLessThan(8 * 1_024);
  });
});
