import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, column, PROJECT, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe.skipIf(NO_BROWSER)('the filters of the board', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
    await board.api.add(
      PROJECT,
      { task_id: 'TASK-1', description: 'Upload', context_notes: 'Mind the retry', priority: 0 },
      { task_id: 'TASK-2', description: 'Write', priority: 1 },
      { task_id: 'TASK-3', description: 'Retry the upload, retry', priority: 3 },
    );
    await board.tested.database.query(
      `update tasks set created_at = ('2026-01-0' || right(task_id, 1) || 'T12:00:00Z')::timestamptz,
                        updated_at = ('2026-02-0' || right(task_id, 1) || 'T12:00:00Z')::timestamptz`,
    );
  });
  afterAll(() => board?.stop());

  const shown = (page: Page) => () => column(page, 'Ready').locator('.card strong').allTextContents();
  const given = (page: Page) => new URL(page.url()).searchParams;

  it('a range of priorities is part of the address, and an old link has one priority for both bounds', async () => {
    const { page } = await board.visit('reader');
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await page.getByLabel('Priority from').selectOption('1');
    await until(shown(page)).toEqual(['TASK-2', 'TASK-3']);
    await page.getByLabel('Priority to').selectOption('2');
    await until(shown(page)).toEqual(['TASK-2']);
    expect(given(page).get('priority_max')).toBe('2');
    const { page: old } = await board.visit('reader', `?project=${PROJECT}&priority=3`);
    await until(shown(old)).toEqual(['TASK-3']);
  });

  it('ranges of time are typed in the reader’s own and shared in UTC', async () => {
    const { page } = await board.visit('reader', undefined, { timezoneId: 'Asia/Tokyo' });
    await page.getByText('Times').click();
    await page.getByLabel('Created after').fill('2026-01-01T21:30');
    await until(shown(page)).toEqual(['TASK-2', 'TASK-3']);
    expect(given(page).get('created_after')).toBe('2026-01-01T12:30:00.000Z');
    await page.getByLabel('Changed before').fill('2026-02-03T00:00');
    await until(shown(page)).toEqual(['TASK-2']);
    await page.reload();
    await until(shown(page)).toEqual(['TASK-2']);
    expect(await page.getByLabel('Created after').inputValue()).toBe('2026-01-01T21:30');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until(shown(page)).toHaveLength(3);
  });

  it('words that are searched may be sorted by how well they fit, and nothing else may', async () => {
    const { page } = await board.visit('reader');
    const relevance = page.getByLabel('Order').getByRole('option', { name: 'Best match first' });
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    expect(await relevance.count()).toBe(0);
    await page.getByRole('searchbox').fill('retry');
    await until(shown(page)).toEqual(['TASK-1', 'TASK-3']);
    await page.getByLabel('Order').selectOption('relevance');
    await until(shown(page)).toEqual(['TASK-3', 'TASK-1']);
    await page.getByRole('searchbox').fill('');
    await until(shown(page)).toHaveLength(3);
    expect(await column(page, 'Ready').getByRole('alert').count()).toBe(0);
  });

  it('a phone shows cards on most of its height, and unfolds filters and levers', async () => {
    const { page } = await board.visit('admin', `?project=${PROJECT}&label=none`, PHONE);
    const rows = column(page, 'Ready').locator('.rows');
    await rows.waitFor();
    expect((await rows.boundingBox())?.height).toBeGreaterThan(0.7 * PHONE.viewport.height);
    await page.getByText('Filters (1)').click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });
});
