import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/board/tasks/card.ts';
import { type AskPage, PagedList } from '../../src/board/tasks/paged-list.ts';

const PAGE = 100;

// The list looks at nothing else of a card.
const cardOf = (id: number) => ({ task_id: `TASK-${id}` }) as Card;

/** A service with these tasks, in order, whose cursors are the number of the last task of a page. */
function serviceWith(ids: number[]) {
  const asked: (string | undefined)[] = [];
  const ask: AskPage = (cursor, withTotal) => {
    asked.push(cursor);
    const left = ids.filter((id) => id > Number(cursor ?? 0));
    const page = left.slice(0, PAGE);
    return Promise.resolve({
      cards: page.map(cardOf),
      next: left.length > PAGE ? String(page.at(-1)) : null,
      ...(withTotal ? { total: { count: ids.length, isExact: true } } : {}),
    });
  };
  return { asked, list: new PagedList(ask) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a list of which only what is seen is in memory', () => {
  it('a list loads what is seen and a little more', async () => {
    const { list, asked } = serviceWith(numbers(1_000));
    await list.show(0, 10);
    expect([list.length, asked.length, list.total.value]).toEqual([100, 1, { count: 1_000, isExact: true }]);
    await list.show(60, 80);
    expect([list.length, list.isAtEnd]).toEqual([200, false]);
    expect(list.at(150)?.task_id).toBe('TASK-151');
  });

  it('pages far from the reader are dropped, and asked for again when the reader is back', async () => {
    const { list } = serviceWith(numbers(3_000));
    for (let row = 0; row < 2_900; row += 50) await list.show(row, row + 20);
    expect(list.at(0)).toBeUndefined();
    expect(list.pages.value.filter(({ cards }) => cards !== null).length).toBeLessThan(15);
    await list.show(0, 20);
    expect(list.at(0)?.task_id).toBe('TASK-1');
    expect(list.at(2_900)).toBeUndefined();
    expect(list.length).toBe(3_000);
  });

  it('a refresh that failed is made up for at the next look, and its problem told until then', async () => {
    let fails = false;
    const list = new PagedList(() =>
      fails
        ? Promise.reject(new Error('The database rests'))
        : Promise.resolve({ cards: numbers(10).map(cardOf), next: null }),
    );
    await list.show(0, 9);
    fails = true;
    await list.refresh();
    await list.show(0, 8);
    expect(list.problem.value).toEqual(new Error('The database rests'));
    fails = false;
    await list.show(0, 9);
    expect(list.problem.value).toBeNull();
  });

  it('a refresh shows what was taken away and added, and no task twice', async () => {
    const ids = numbers(300);
    const { list } = serviceWith(ids);
    await list.show(0, 250);
    ids.splice(0, 50);
    ids.push(301, 302);
    await list.refresh();
    const shown = Array.from({ length: list.length }, (_, row) => list.at(row)?.task_id);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.slice(0, 2)).toEqual(['TASK-51', 'TASK-52']);
    expect(shown.at(-1)).toBe('TASK-302');
    expect(list.total.value?.count).toBe(252);
  });

  it('a list that was read to its end goes on where tasks are added', async () => {
    const ids = numbers(5);
    const { list } = serviceWith(ids);
    await list.show(0, 20);
    expect(list.isAtEnd).toBe(true);
    ids.push(6);
    await list.refresh();
    expect(list.at(5)?.task_id).toBe('TASK-6');
  });

  it('reading on comes to the end, or says that it did not, and keeps what is seen and little else', async () => {
    const { list } = serviceWith(numbers(2_000));
    await list.show(0, 10);
    expect([await list.readOn(5), list.length]).toEqual([false, 600]);
    expect([await list.readOn(20), list.length]).toEqual([true, 2_000]);
    expect([list.at(0)?.task_id, list.at(1_990)]).toEqual(['TASK-1', undefined]);
    expect(list.pages.value.filter(({ cards }) => cards !== null).length).toBeLessThan(15);
    await list.show(1_990, 1_999);
    expect(list.at(1_999)?.task_id).toBe('TASK-2000');
  });

  it('reading on ends where the service fails', async () => {
    const { list } = serviceWith(numbers(10));
    const failing = new PagedList((cursor) =>
      cursor === undefined
        ? Promise.resolve({ cards: [cardOf(1)], next: '1' })
        : Promise.reject(new Error('The database rests')),
    );
    expect([await list.readOn(3), await failing.readOn(3)]).toEqual([true, false]);
    expect(failing.problem.value).toEqual(new Error('The database rests'));
  });

  it('a failure is told until a later question is answered', async () => {
    let isDown = true;
    const { list: sound } = serviceWith(numbers(5));
    await sound.show(0, 5);
    const list = new PagedList(() =>
      isDown ? Promise.reject(new Error('down')) : Promise.resolve({ cards: [cardOf(1)], next: null }),
    );
    await list.show(0, 10);
    expect(list.problem.value).toEqual(new Error('down'));
    isDown = false;
    await list.refresh();
    expect([list.problem.value, list.at(0)?.task_id]).toEqual([null, 'TASK-1']);
  });

  it('a card that is put after another one before the service answers stands right there', async () => {
    const { list } = serviceWith(numbers(150));
    await list.show(0, 110);
    list.remove('TASK-1');
    list.insert(cardOf(1), 'TASK-120');
    expect([list.at(118), list.at(119), list.at(120)].map((card) => card?.task_id)).toEqual([
      'TASK-120',
      'TASK-1',
      'TASK-121',
    ]);
    expect([list.length, list.total.value?.count]).toEqual([150, 150]);
  });

  it('a card that is moved before the service answers changes the counts of both lists', async () => {
    const { list: from } = serviceWith(numbers(3));
    const { list: to } = serviceWith([7]);
    await Promise.all([from.show(0, 10), to.show(0, 10)]);
    const card = from.at(1);
    from.remove('TASK-2');
    if (card !== undefined) to.insert(card);
    expect([from.length, from.total.value?.count, from.at(1)?.task_id]).toEqual([2, 2, 'TASK-3']);
    expect([to.length, to.total.value?.count, to.at(0)?.task_id]).toEqual([2, 2, 'TASK-2']);
  });
});
