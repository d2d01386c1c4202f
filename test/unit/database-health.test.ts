import { describe, expect, it } from 'vitest';
import { PROBE_POLICY } from '../../src/db/retry.ts';
import {
  ABANDONED_AFTER_MS,
  type DatabaseHealth,
  sharedHealth,
} from '../../src/operations/database-health.ts';

const WELL: DatabaseHealth = { connected: true };
const ILL: DatabaseHealth = { connected: false };

/** A clock that moves when somebody sleeps, and a database that answers when the test says so. */
function bench() {
  let time = 0;
  const open: ((health: DatabaseHealth) => void)[] = [];
  const ask = sharedHealth({
    now: () => time,
    sleep: (milliseconds) => {
      time += milliseconds;
      return new Promise((resolve) => setTimeout(resolve));
    },
  });
  const check = () => new Promise<DatabaseHealth>((resolve) => open.push(resolve));
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { ask: () => ask(check), open, pass, elapsed: () => time };
}

describe('the health that all who ask share', () => {
  it('the health is what the database answers', async () => {
    for (const health of [WELL, ILL]) {
      const { ask, open } = bench();
      const asked = ask();
      open[0]?.(health);
      expect(await asked).toBe(health);
    }
  });

  it('the health holds for a second after the answer, and not longer', async () => {
    const { ask, open, pass } = bench();
    const first = ask();
    pass(300);
    open[0]?.(WELL);
    await first;
    pass(999);
    expect(await ask()).toBe(WELL);
    expect(open).toHaveLength(1);
    pass(1);
    const second = ask();
    expect(open).toHaveLength(2);
    open[1]?.(ILL);
    expect(await second).toBe(ILL);
    expect(await ask()).toBe(ILL);
  });

  it('the health takes one check, however many ask at once', async () => {
    const { ask, open } = bench();
    const asked = Array.from({ length: 10 }, ask);
    await new Promise((resolve) => setTimeout(resolve));
    expect(open).toHaveLength(1);
    open[0]?.(WELL);
    expect(await Promise.all(asked)).toEqual(Array(10).fill(WELL));
    expect(open).toHaveLength(1);
  });

  it('the health comes within a second, even after waiting for a cancelled check', () => {
    const { attemptTimeout, totalTimeout, pauses } = PROBE_POLICY;
    expect(pauses).toEqual([]);
    expect(attemptTimeout).toBeLessThan(ABANDONED_AFTER_MS);
    expect(ABANDONED_AFTER_MS + totalTimeout).toBeLessThan(900);
  });

  it('the health is checked again where a check was cancelled with its request', async () => {
    const { ask, open, elapsed } = bench();
    void ask();
    const second = ask();
    while (open.length < 2) await new Promise((resolve) => setTimeout(resolve));
    expect(elapsed()).toBe(460);
    open[1]?.(WELL);
    expect(await second).toBe(WELL);
    expect(open).toHaveLength(2);
  });
});
