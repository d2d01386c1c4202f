import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoardUnderTest, column, PROJECT, startBoard } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const TASKS = 100_000;
const PAGES_SCROLLED = 60;
/** Of one frame in 50 a second. */
const FRAME_MS = 20;
/** What the page may hold after a walk through thousands of tasks; one full list would take several times as much. */
const HEAP_BYTES = 40 * 2 ** 20;
/** Cards, wherever the reader is. */
const CARDS = 60;
/** Of the first paint over a slow connection. */
const PAINT_MS = 1_000;
/** The preset "Slow 4G" of Chrome's developer tools, in milliseconds and bytes a second. */
const SLOW = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };

describe.skipIf(NO_BROWSER)('the board of a project with 100,000 tasks', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
    await board.tested.database.query(
      `insert into tasks (task_id, project_id, description, version)
       select 'TASK-' || n, $1, 'Do the task of the number ' || n, 1
       from generate_series(1, ${TASKS}) as n`,
      [PROJECT],
    );
    await board.tested.database.query('analyze tasks');
  }, 300_000);
  afterAll(() => board?.stop());

  const heapOf = async (page: Page): Promise<number> => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  };

  it('100,000 tasks scroll at 50 frames a second, with few of them in memory', { retry: 2 }, async () => {
    const { page } = await board.visit('reader');
    const rows = column(page, 'Ready').locator('.rows');
    await column(page, 'Ready').locator('.card').first().waitFor();
    const before = await heapOf(page);
    // Each step is a screen: thousands of rows go by.
    const frames = (await rows.evaluate(async (box, steps) => {
      const times: number[] = [];
      const { requestAnimationFrame: ask } = box.ownerDocument.defaultView ?? {};
      const frame = () => new Promise<number>((resolve) => ask?.(resolve));
      let last = await frame();
      for (let step = 0; step < steps * 10; step += 1) {
        box.scrollTop += box.clientHeight / 10;
        const at = await frame();
        times.push(at - last);
        last = at;
      }
      return times;
    }, PAGES_SCROLLED)) as number[];
    const sorted = frames.toSorted((one, other) => one - other);
    const seen = await rows.evaluate((box) => box.scrollTop / box.clientHeight);
    expect(seen).toBeGreaterThan(PAGES_SCROLLED / 4);
    console.log(
      `median frame ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms, p95 ${sorted[Math.floor(sorted.length * 0.95)]?.toFixed(1)} ms`,
    );
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(FRAME_MS);
    expect(await page.locator('.card').count()).toBeLessThan(CARDS);
    expect((await heapOf(page)) - before).toBeLessThan(HEAP_BYTES);
  });

  it('the header of the column tells that there are more than are counted', async () => {
    const { page } = await board.visit('reader');
    await expect
      .poll(() => column(page, 'Ready').getByRole('heading').textContent(), { timeout: 15_000 })
      .toMatch(/10,000\+|100,000/);
  });

  it('the board is painted within a second over a slow connection', { retry: 2 }, async () => {
    const { page } = await board.open('');
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await session.send('Network.emulateNetworkConditions', SLOW);
    await page.reload();
    await page.getByLabel('Key').waitFor();
    const sent = (await page.evaluate(
      `performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/board.js')).encodedBodySize`,
    )) as number;
    expect(sent).toBeLessThan(60 * 1_024);
    const paint = (await page.evaluate(
      `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
    )) as number;
    console.log(`first paint after ${paint.toFixed(0)} ms`);
    expect(paint).toBeLessThan(PAINT_MS);
  });
});
