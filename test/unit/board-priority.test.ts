import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priorityBetween } from '../../src/board/tasks/priorities.ts';
import { USUAL_SEED } from '../support/form.ts';

interface Ranked {
  readonly priority: number;
  readonly created_at: string;
}

const card = (priority: number, hour: number): Ranked => ({
  priority,
  created_at: new Date(hour * 3_600_000).toISOString(),
});
const byRank = (one: Ranked, other: Ranked) =>
  one.priority - other.priority || one.created_at.localeCompare(other.created_at);

describe('the priority of a card that is dropped between two others', () => {
  it.each([
    ['a gap of priorities: the one in it', card(4, 9), card(0, 1), card(2, 2), 1, true],
    ['a wide gap: the one nearest to its own', card(4, 9), card(0, 1), card(4, 2), 3, true],
    [
      'neighbours in succession and a younger card: that of the one above',
      card(4, 9),
      card(1, 1),
      card(2, 2),
      1,
      true,
    ],
    [
      'neighbours in succession and an older card: that of the one below',
      card(4, 0),
      card(1, 1),
      card(2, 2),
      2,
      true,
    ],
    [
      'equal neighbours, created on either side: theirs, exactly',
      card(4, 2),
      card(2, 1),
      card(2, 3),
      2,
      true,
    ],
    [
      'equal neighbours, created before: theirs, in the order of creation',
      card(4, 9),
      card(2, 1),
      card(2, 3),
      2,
      false,
    ],
    ['nothing above: more urgent than the first', card(4, 9), undefined, card(2, 1), 1, true],
    ['nothing above the most urgent: as urgent', card(4, 9), undefined, card(0, 1), 0, false],
    ['nothing below: its own where it is less urgent already', card(3, 9), card(2, 1), undefined, 3, true],
    ['nothing on either side: its own', card(3, 9), undefined, undefined, 3, true],
  ])('%s', (_, dropped, above, below, priority, isExact) => {
    expect(priorityBetween(dropped, above, below)).toEqual({ priority, isExact });
  });

  it('an exact priority has the card stand between its neighbours, and any other one lies between theirs', () => {
    const ranked = fc.record({
      priority: fc.integer({ min: 0, max: 4 }),
      hour: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(ranked, { minLength: 2, maxLength: 6 }),
        ranked,
        fc.nat(6),
        (others, own, place) => {
          const list = others.map(({ priority, hour }) => card(priority, hour)).sort(byRank);
          const row = Math.min(place, list.length);
          const dropped = card(own.priority, own.hour);
          const [above, below] = [list[row - 1], list[row]];
          const { priority, isExact } = priorityBetween(dropped, above, below);
          const moved = { ...dropped, priority };
          if (isExact) {
            if (above !== undefined) expect(byRank(above, moved)).toBeLessThan(0);
            if (below !== undefined) expect(byRank(moved, below)).toBeLessThan(0);
          }
          expect(priority).toBeGreaterThanOrEqual(above?.priority ?? 0);
          expect(priority).toBeLessThanOrEqual(below?.priority ?? 4);
        },
      ),
      { seed: USUAL_SEED },
    );
  });
});
