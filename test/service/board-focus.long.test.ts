import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, column, PROJECT, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

/** What has the focus, in the words that it shows. */
const focusOf = (page: Page) => () =>
  page.evaluate(
    '(({ localName, textContent }) => localName === "body" ? "nothing" : textContent)(document.activeElement)',
  );

describe.skipIf(NO_BROWSER)('where the keyboard is on the board', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
  });
  afterAll(() => board?.stop());
  beforeEach(async () => {
    await board.tested.database.empty();
    await board.api.add(
      PROJECT,
      { task_id: 'TASK-1', description: 'Write the tests', max_expiries: 4, max_run_seconds: 7_200 },
      { task_id: 'TASK-2', needs: ['TASK-1'] },
    );
  });

  it('when the last card of a column leaves, it is at the next column that has one', async () => {
    const { page } = await board.visit('writer');
    await cardIn(page, 'Ready', 'TASK-1').press('m');
    await page.getByRole('menuitem', { name: 'Start' }).press('Enter');
    await until(() => column(page, 'Ready').locator('.card').count()).toBe(0);
    await until(focusOf(page)).toContain('TASK-2');
  });

  it('a dialog that is closed gives it back to its button', async () => {
    const { page } = await board.visit('admin');
    for (const name of ['Add a task', 'Change many', 'Pause']) {
      await page.getByRole('button', { name }).press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).press('Enter');
      await until(() => page.getByRole('dialog').count()).toBe(0);
      await until(focusOf(page)).toBe(name);
    }
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByLabel('Why').fill('The model is down');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await until(focusOf(page)).toBe('Resume');
  });

  it('an edit begins at its first field and ends at the button that began it, saved or not', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-1`);
    const description = page.getByLabel('Description', { exact: true });
    for (const end of ['Close', 'Save']) {
      await page.getByRole('button', { name: 'Edit' }).press('Enter');
      await until(() => description.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(
        true,
      );
      await page.getByRole('complementary').getByRole('button', { name: end, exact: true }).press('Enter');
      await until(focusOf(page)).toBe('Edit');
    }
  });

  it('a task that is closed gives it back to its card, also where the task was opened by its address', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-2`);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await page.keyboard.press('Escape');
    await until(focusOf(page)).toContain('TASK-1');
    await cardIn(page, 'Blocked', 'TASK-2').press('Enter');
    await page.getByRole('button', { name: 'Close the task' }).press('Enter');
    await until(focusOf(page)).toContain('TASK-2');
  });

  it('a menu of a task is closed by Escape, and the keyboard is at its button', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-1`);
    await page.getByRole('button', { name: 'Actions' }).press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await until(focusOf(page)).toContain('Actions');
  });

  it('End goes to the last card of a column, however many have been read', async () => {
    const many = Array.from({ length: 450 }, (_, n) => ({ task_id: `MANY-${n + 10}` }));
    await board.api.add(PROJECT, ...many);
    const { page } = await board.visit('reader');
    await cardIn(page, 'Ready', 'TASK-1').press('End');
    await until(focusOf(page)).toContain('MANY-459');
    await page.keyboard.press('Home');
    await until(focusOf(page)).toContain('TASK-1');
  });

  it('a menu is whole near the end of the window', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ task_id: `MANY-${n + 10}` }));
    await board.api.add(PROJECT, ...many);
    const { page } = await board.visit('admin', undefined, { viewport: { width: 1600, height: 500 } });
    await cardIn(page, 'Ready', 'TASK-1').press('End');
    await until(focusOf(page)).toContain('MANY-39');
    await page.keyboard.press('m');
    const last = page.getByRole('menuitem', { name: 'Delete' });
    await last.waitFor();
    const { y = 0, height = 0 } = (await last.boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(500);
    expect(
      await last.evaluate((item) => {
        const { left, top } = item.getBoundingClientRect();
        return item.ownerDocument.elementFromPoint(left + 5, top + 5) === item;
      }),
    ).toBe(true);
  });

  it('a deleted task says who deleted it, and is restored where it is shown', async () => {
    await board.api.get(`/tasks/TASK-1?project=${PROJECT}`, { method: 'DELETE' });
    const { page: reader } = await board.visit('reader', `?project=${PROJECT}&task=TASK-1`);
    await reader.getByText(/It was deleted .* by admin/).waitFor();
    expect(await reader.getByRole('button', { name: 'Restore' }).count()).toBe(0);
    const { page } = await board.visit('admin', `?project=${PROJECT}&task=TASK-1`);
    await page.getByRole('button', { name: 'Restore' }).press('Enter');
    await page.getByRole('complementary').getByText('Write the tests').waitFor();
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await until(focusOf(page)).toContain('TASK-1');
  });

  it('a task that never was is told by the sentence of the service', async () => {
    const { page } = await board.visit('admin', `?project=${PROJECT}&task=TASK-99`);
    await page.getByRole('complementary').getByRole('alert').getByText('TASK-99').waitFor();
  });

  it('a task shows how often its leases may expire and how long an attempt may take', async () => {
    const { page } = await board.visit('reader', `?project=${PROJECT}&task=TASK-1`);
    const facts = page.locator('.facts');
    await facts.getByText('0 of 4').waitFor();
    await facts.getByText('2 h').waitFor();
  });
});
