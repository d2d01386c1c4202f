import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBrokenService } from './broken-service.ts';
import { CERTAIN } from './known-breakages.ts';

const TIMEOUT = { timeout: 300_000 };

// To shrink takes many runs, in each of which every request over Hyperdrive's driver would make Postgres fork.
describe('the checker', () => {
  it.each(CERTAIN)('the checker shrinks $name to a few requests', TIMEOUT, async (breakage) => {
    const { findViolation } = await openBrokenService('neon');
    const result = await findViolation(breakage, { shrink: true });
    expect(String(result.errorInstance)).toMatch(breakage.violation);
    const [plan] = result.counterexample ?? [];
    expect([...(plan?.clients ?? []), ...(plan?.later ?? [])].flat().length).toBeLessThanOrEqual(3);
    expect(fc.defaultReportMessage(result)).toMatch(/seed: -?\d+, path: "[\d:]+"/);
  });
});
