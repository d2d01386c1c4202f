import { describe, expect, it } from 'vitest';
import { AttemptError, type FailureMeaning } from '../../src/db/failures.ts';
import { RETRY_POLICY, type RetryPorts, withRetry } from '../../src/db/retry.ts';
import type { Access } from '../../src/db/statement.ts';

/** A request whose time is over at that moment; the clock begins at 0. */
const until = (deadline: number = RETRY_POLICY.totalTimeout) => ({ deadline, mayBeDone: false });

/** A clock that moves only when somebody waits on it. */
function manualClock(random = 0) {
  let time = 0;
  const pauses: number[] = [];
  const ports: RetryPorts = {
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
    random: () => random,
    now: () => time,
  };
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { ports, pauses, pass, elapsed: () => time };
}

const fail = (meaning: FailureMeaning) => Promise.reject(new AttemptError(meaning, new Error('driver')));

async function outcomeOf(access: Access, meaning: FailureMeaning) {
  const clock = manualClock();
  let attempts = 0;
  const error = await withRetry(access, RETRY_POLICY, clock.ports, until(), () => {
    attempts += 1;
    return fail(meaning);
  }).catch((reason: unknown) => reason);
  const code = error instanceof Error && 'code' in error ? error.code : 'raised';
  return { attempts, code };
}

describe('the retry policy', () => {
  it('a read pauses 100, 200 and 400 ms and then gives up', async () => {
    const clock = manualClock();
    await expect(
      withRetry('read', RETRY_POLICY, clock.ports, until(), () => fail('unreachable')),
    ).rejects.toThrow('Database unavailable');
    expect(clock.pauses).toEqual([100, 200, 400]);
  });

  it('a pause has at most 10 % of jitter', async () => {
    const clock = manualClock(0.999_999);
    await withRetry('read', RETRY_POLICY, clock.ports, until(), () => fail('unreachable')).catch(
      () => undefined,
    );
    for (const [index, pause] of [100, 200, 400].entries()) {
      expect(clock.pauses[index]).toBeGreaterThan(pause);
      expect(clock.pauses[index]).toBeLessThanOrEqual(pause * 1.1);
    }
  });

  it('the first success ends the pauses', async () => {
    const clock = manualClock();
    let attempts = 0;
    const result = await withRetry('write', RETRY_POLICY, clock.ports, until(), () => {
      attempts += 1;
      return attempts < 3 ? fail('unreachable') : Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(clock.pauses).toEqual([100, 200]);
  });

  it.each<[FailureMeaning, Access, number, string]>([
    ['unreachable', 'read', 4, 'database_unavailable'],
    ['unreachable', 'write', 4, 'database_unavailable'],
    ['answer_lost', 'read', 4, 'database_unavailable'],
    ['answer_lost', 'write', 4, 'outcome_unknown'],
    ['unavailable', 'read', 1, 'database_unavailable'],
    ['unavailable', 'write', 1, 'database_unavailable'],
    ['unique_violation', 'write', 1, 'raised'],
    ['rejected', 'read', 1, 'raised'],
    ['rejected', 'write', 1, 'raised'],
  ])('%s of a %s takes %i attempts, then %s', async (meaning, access, attempts, code) => {
    expect(await outcomeOf(access, meaning)).toEqual({ attempts, code });
  });

  it('a contended statement is repeated after short pauses while there is time', async () => {
    const clock = manualClock();
    const failing = withRetry('write', RETRY_POLICY, clock.ports, until(), () => fail('rolled_back'));
    await expect(failing).rejects.toMatchObject({ code: 'database_unavailable' });
    const doubling = [10, 20, 40, 80, 160];
    expect(clock.pauses.slice(0, 7)).toEqual([...doubling, 250, 250]);
    expect(new Set(clock.pauses.slice(doubling.length))).toEqual(new Set([250]));
    expect(clock.elapsed()).toBeLessThan(RETRY_POLICY.totalTimeout);
    expect(clock.elapsed()).toBeGreaterThanOrEqual(RETRY_POLICY.totalTimeout - 250);
  });

  it('chance takes up to half of the pauses of a contended statement', async () => {
    const clock = manualClock(0.999_999);
    const failing = withRetry('read', RETRY_POLICY, clock.ports, until(100), () => fail('rolled_back'));
    await expect(failing).rejects.toMatchObject({ code: 'database_unavailable' });
    for (const [index, pause] of [5, 10, 20, 40].entries()) expect(clock.pauses[index]).toBeCloseTo(pause, 3);
  });

  it('repetitions of contended statements are counted apart from the others', async () => {
    const clock = manualClock();
    const meanings: FailureMeaning[] = ['rolled_back', 'unreachable', 'rolled_back', 'unreachable'];
    const result = await withRetry('write', RETRY_POLICY, clock.ports, until(), () => {
      const meaning = meanings.shift();
      return meaning === undefined ? Promise.resolve('done') : fail(meaning);
    });
    expect(result).toBe('done');
    expect(clock.pauses).toEqual([10, 100, 20, 200]);
  });

  it('an error that is no failed attempt is raised', async () => {
    const { ports } = manualClock();
    const defect = new TypeError('defect');
    await expect(withRetry('read', RETRY_POLICY, ports, until(), () => Promise.reject(defect))).rejects.toBe(
      defect,
    );
  });

  it.each<Access>(['read', 'write'])('a %s over a black hole ends within 10 s', async (access) => {
    const clock = manualClock(0.999_999);
    await withRetry(access, RETRY_POLICY, clock.ports, until(), (budget) => {
      clock.pass(budget.connect);
      return fail('unreachable');
    }).catch(() => undefined);
    expect(clock.elapsed()).toBeLessThan(10_000);
  });

  it('an attempt at a read has one bound, one at a write half of the time that is left', async () => {
    const budgets: number[] = [];
    for (const access of ['read', 'write'] as const) {
      const clock = manualClock();
      await withRetry(access, RETRY_POLICY, clock.ports, until(), (budget) => {
        clock.pass(1_500);
        budgets.push(budget.connect, budget.execute());
        return Promise.resolve();
      });
    }
    expect(budgets).toEqual([2_000, 500, 2_000, 3_000]);
  });

  it('a write that is sent again has no less time than a read', async () => {
    const clock = manualClock();
    const budgets: number[] = [];
    await withRetry('write', RETRY_POLICY, clock.ports, until(), (budget) => {
      budgets.push(budget.execute());
      clock.pass(budget.execute());
      return fail('answer_lost');
    }).catch(() => undefined);
    expect(budgets).toEqual([4_500, 2_200, 2_000]);
  });

  it('the outcome is unknown when any attempt at a write may have committed', async () => {
    const clock = manualClock();
    const meanings: FailureMeaning[] = ['unreachable', 'answer_lost', 'unreachable', 'unavailable'];
    const failing = withRetry('write', RETRY_POLICY, clock.ports, until(), () =>
      fail(meanings.shift() ?? 'rejected'),
    );
    await expect(failing).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('the outcome is unknown when a defect follows a lost answer', async () => {
    const { ports } = manualClock();
    const errors = [new AttemptError('answer_lost', undefined), new TypeError('defect')];
    const failing = withRetry('write', RETRY_POLICY, ports, until(), () => Promise.reject(errors.shift()));
    await expect(failing).rejects.toMatchObject({ code: 'outcome_unknown', cause: new TypeError('defect') });
  });

  it('an attempt has no more time than is left, and a statement at least a millisecond', async () => {
    const budgets: number[] = [];
    const clock = manualClock();
    await withRetry('read', RETRY_POLICY, clock.ports, until(1_500), (budget) => {
      budgets.push(budget.connect, budget.execute());
      clock.pass(1_600);
      budgets.push(budget.execute());
      return Promise.resolve();
    });
    expect(budgets).toEqual([1_500, 1_500, 1]);
  });

  it('no pause begins that would end at the deadline', async () => {
    for (const [deadline, pauses] of [
      [100, []],
      [101, [100]],
    ] as const) {
      const clock = manualClock();
      const slow = withRetry('read', RETRY_POLICY, clock.ports, until(deadline), () => fail('unreachable'));
      await expect(slow).rejects.toThrow('Database unavailable');
      expect(clock.pauses).toEqual(pauses);
    }
  });

  it('no pause goes past the deadline', async () => {
    const clock = manualClock();
    const slow = withRetry('read', RETRY_POLICY, clock.ports, until(250), () => fail('unreachable'));
    await expect(slow).rejects.toThrow('Database unavailable');
    expect(clock.pauses).toEqual([100]);
  });
});
