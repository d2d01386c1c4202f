import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWS } from '../../src/board/place/views.ts';
import { type BoardUnderTest, cardIn, PROJECT, startBoard } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)><script>alert(2)</script>',
  '[a](javascript:alert(3)) ![b](https://elsewhere.invalid/b.png) <https://example.com>',
  '‮اقرأ السجل‬ mixed with left-to-right',
  `${'👩‍👩‍👧‍👦'.repeat(300)} ${'unbroken'.repeat(200)}`,
  `${'> '.repeat(300)}deep ${'**'.repeat(500)}`,
  'x'.repeat(10_000),
];

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'a phone': { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, by its rules. */
async function faultsOf(page: Page): Promise<unknown> {
  // By the debugger: the page's own policy lets no script in.
  await page.evaluate(`${axe}; undefined`);
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]))',
  );
}

describe.skipIf(NO_BROWSER)('the board for everybody', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
    const hostile = HOSTILE.map((description, index) => ({ task_id: `HOSTILE-${index}`, description }));
    await board.api.add(PROJECT, { task_id: 'TASK-1', description: 'First', priority: 0 }, ...hostile);
    await board.api.add(PROJECT, {
      task_id: 'TASK-2',
      description: 'Second',
      needs: ['TASK-1'],
      labels: ['api'],
    });
    await board.api.add(PROJECT, { task_id: 'TASK-3', status: 'in_progress' }, { task_id: 'TASK-4' });
    await board.api.move(PROJECT, 'TASK-3', { status: 'failed', error: 'The model is down' });
    await board.api.claim(PROJECT, 'agent-7');
  });
  afterAll(() => board?.stop());

  const task = (view: string) => (view === 'tasks' ? '&task=TASK-2' : '');

  describe.each(Object.entries(LOOKS))('in %s', (_, look) => {
    it.each(VIEWS)('axe finds nothing to complain of in the view of the %s', async (view) => {
      const { page, complaints } = await board.visit('admin', `?project=${PROJECT}&view=${view}`, look);
      await page.getByText('● live').waitFor();
      await page.locator('main').waitFor();
      await page.waitForTimeout(500);
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('axe finds nothing in the sign-in, a task, a menu and a dialog', async () => {
      const { page } = await board.open('', look);
      await page.getByLabel('Key').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const { page: signedIn } = await board.visit('admin', `?project=${PROJECT}${task('tasks')}`, look);
      await signedIn.getByRole('heading', { name: 'History' }).waitFor();
      expect(await faultsOf(signedIn)).toEqual([]);
      await signedIn.getByRole('button', { name: 'Actions' }).click();
      expect(await faultsOf(signedIn)).toEqual([]);
      await signedIn.keyboard.press('Escape');
      await signedIn.getByRole('button', { name: 'Close the task' }).click();
      // A phone has the levers folded.
      if (await signedIn.getByText('More', { exact: true }).isVisible())
        await signedIn.getByText('More', { exact: true }).click();
      await signedIn.getByRole('button', { name: 'Add a task' }).click();
      expect(await faultsOf(signedIn)).toEqual([]);
    });

    it('no view scrolls sideways as a whole', async () => {
      const { page } = await board.visit('admin', `?project=${PROJECT}`, look);
      for (const view of VIEWS) {
        await page.goto(`${board.tested.service.url}/board?project=${PROJECT}&view=${view}${task(view)}`);
        await page.locator('main').waitFor();
        const [content, width] = (await page.evaluate(
          '[document.documentElement.scrollWidth, innerWidth]',
        )) as [number, number];
        expect(content).toBeLessThanOrEqual(width);
      }
    });
  });

  it('whatever a text has in it is shown as text, loads nothing and runs nothing', async () => {
    const { page, complaints, requested } = await board.visit('admin');
    for (const index of HOSTILE.keys()) {
      await cardIn(page, 'Ready', `HOSTILE-${index}`).click();
      await page.getByRole('heading', { name: `HOSTILE-${index}` }).waitFor();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      expect(await page.locator('aside img, aside script, aside a[href^="javascript"]').count()).toBe(0);
      await page.getByRole('button', { name: 'Close the task' }).click();
    }
    expect(complaints).toEqual([]);
    expect(requested.filter((url) => url.includes('elsewhere'))).toEqual([]);
  });

  it.each(VIEWS)('somebody who may only read finds no lever in the view of the %s', async (view) => {
    const { page } = await board.visit('reader', `?project=${PROJECT}&view=${view}&task=TASK-2`);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    // Cards, nodes and links to tasks are buttons as well, whose texts are those of tasks.
    const labels = await page
      .locator('button:not(.card *, .link), [role=button]:not(.card, .graph *)')
      .evaluateAll((all) => all.map((one) => one.textContent ?? ''));
    const lever =
      /add|edit|actions|pause|resume|delete|cancel|start|reset|retry|end the claim|do without|due now|⋯/i;
    expect(labels.filter((label) => lever.test(label) && !/^[⚠○◫▶✓✗⊘◷]|TASK-|HOSTILE-/.test(label))).toEqual(
      [],
    );
    expect(await page.locator('.card-more, .levers').count()).toBe(0);
    await page.locator('body').press('m');
    expect(await page.getByRole('menu').count()).toBe(0);
  });
});
