import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoardUnderTest, PROJECT, signIn, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const TASKS = 500;
const PARENTS = 40;
const idOf = (n: number) => `TASK-${String(n).padStart(3, '0')}`;

describe.skipIf(NO_BROWSER)('the graph of a project with 500 tasks', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
    const tasks = Array.from({ length: TASKS - 1 }, (_, n) => ({
      task_id: idOf(n + 1),
      needs: n < PARENTS ? [] : [...new Set([idOf(n + 1 - PARENTS), idOf((n % PARENTS) + 1)])],
    }));
    for (let from = 0; from < tasks.length; from += 100)
      await board.api.add(PROJECT, ...tasks.slice(from, from + 100));
  });
  afterAll(() => board?.stop());

  /** Opens the graph; the page counts what it asks of its worker. */
  const open = async (search = '') => {
    const { page, complaints } = await board.open(`?project=${PROJECT}&view=graph${search}`);
    await page.evaluate(`asked = 0; const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...sent) { asked += 1; return postMessage.apply(this, sent); }`);
    await signIn(page, board.keys.admin);
    await page.locator('.node').first().waitFor();
    return { page, complaints, asked: () => page.evaluate('asked') };
  };
  /** The ids of the nodes that the window shows whole. */
  const inSight = (page: Page) => async () => {
    const box = await page.locator('.scroll').boundingBox();
    const nodes = await page.locator('.node').evaluateAll((all) =>
      all.map((node) => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return { id: node.querySelector('text')?.textContent?.trim() ?? '', left, top, right, bottom };
      }),
    );
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    return nodes
      .filter(
        ({ left, top, right, bottom }) => left >= x && top >= y && right <= x + width && bottom <= y + height,
      )
      .map(({ id }) => id);
  };

  it('it opens on its first task, or on the task that is asked for', async () => {
    const { page, complaints } = await open();
    expect(await page.locator('.node').count()).toBe(TASKS - 1);
    await until(inSight(page)).not.toEqual([]);
    complaints.splice(0, 1);
    expect(complaints).toEqual([]);
    const { page: around } = await open(`&task=${idOf(300)}`);
    await until(inSight(around)).toContainEqual(expect.stringContaining(idOf(300)));
  });

  it('another status repaints it, and another task lays it out anew, beside the page', async () => {
    const { page, asked } = await open();
    await page.getByText('● live').waitFor();
    const before = (await asked()) as number;
    await board.api.move(PROJECT, idOf(1), { status: 'in_progress' });
    await until(() => page.locator('.node.in_progress').count()).toBe(1);
    expect(await asked()).toBe(before);
    await board.api.add(PROJECT, { task_id: idOf(TASKS), needs: [idOf(1)] });
    await until(() => page.locator('.node').count()).toBe(TASKS);
    expect(await asked()).toBe(before + 1);
    expect(page.workers()).toHaveLength(1);
  });
});
