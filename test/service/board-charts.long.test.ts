import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BoardUnderTest, PROJECT, startBoard } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';
import { moveClock } from '../support/clock.ts';

const USAGE = { input_tokens: 9_000, output_tokens: 1_000, cost_micro_usd: 1_250_000 };

describe.skipIf(NO_BROWSER)('the figures on the board', () => {
  let board: BoardUnderTest;

  /** Has an agent claim a task and end it so. */
  const work = async (agent: string, end: Record<string, unknown>) => {
    const { claim, task } = (await board.api.claim(PROJECT, agent)).body;
    await board.api.move(PROJECT, task?.task_id ?? '', { claim_token: claim.token, ...end });
  };

  beforeAll(async () => {
    board = await startBoard();
    // Noon, so that today does not end while the test looks at it.
    await moveClock(
      board.tested.database,
      Math.round((new Date().setUTCHours(12, 0, 0, 0) - Date.now()) / 1_000),
    );
    await board.api.add(PROJECT, ...[1, 2, 3, 4].map((n) => ({ task_id: `TASK-${n}`, max_attempts: 1 })));
    await work('agent-1', { status: 'completed', usage: USAGE });
    await work('agent-2', { status: 'completed', usage: { ...USAGE, cost_micro_usd: 2_500_000 } });
    await work('agent-2', { status: 'failed', error: 'Port 8080 is closed' });
    await work('agent-2', { status: 'failed', error: 'Port 81 is closed' });
    await board.tested.database.query(`
      update task_events set waited_ms = 90000 where type = 'claimed';
      update tasks set created_at = completed_at - interval '2 hours' where status = 'completed'`);
  });
  afterAll(() => board?.stop());

  /** The rows of the table of a chart that have something in them. */
  async function rowsOf(page: Page, title: string): Promise<string[][]> {
    const chart = page.locator('figure', { hasText: title });
    await chart.getByText('As a table').click();
    const rows = await chart
      .locator('tbody tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
    return rows
      .map(([, ...values]) => values)
      .filter((values) => values.some((value) => /[1-9]/.test(value)));
  }

  it('the charts show by day what ended, how long it waited and took, why it failed and what it cost', async () => {
    const { page, complaints } = await board.visit('reader', `?project=${PROJECT}&view=charts`);
    await page.locator('figcaption', { hasText: 'Cost by day' }).waitFor();
    expect(await page.locator('figure svg').count()).toBe(5);
    expect(await page.locator('figure', { hasText: 'Cost by day' }).locator('tbody tr').count()).toBe(14);
    expect(await rowsOf(page, 'Ended tasks by day')).toEqual([['2', '2']]);
    expect(await rowsOf(page, 'Waiting')).toEqual([['1 min 30 s', '1 min 30 s']]);
    expect(await rowsOf(page, 'From creation to completion')).toEqual([['2 h', '2 h']]);
    expect(await rowsOf(page, 'Failures by reason')).toEqual([['2']]);
    expect(await page.getByRole('rowheader', { name: 'Port … is closed' }).count()).toBe(1);
    expect(await rowsOf(page, 'Cost by day')).toEqual([['$3.75']]);
    expect(complaints).toEqual([]);
  });

  it('a chart says from when on it is complete where the log is no longer whole', async () => {
    const { query } = board.tested.database;
    await query('insert into log_floors (project_id, xid, seq) values ($1, $2, 1)', [PROJECT, '3']);
    const { page } = await board.visit('reader', `?project=${PROJECT}&view=charts`);
    await page.getByText(/Complete from .* on/).waitFor();
    await query('delete from log_floors');
    await page.reload();
    await page.locator('figcaption', { hasText: 'Cost by day' }).waitFor();
    expect(await page.getByText(/Complete from/).count()).toBe(0);
  });

  it('the view of the agents shows what each has cost today, the most expensive first', async () => {
    const { page } = await board.visit('reader', `?project=${PROJECT}&view=agents`);
    const rows = page.getByRole('table', { name: 'Claims that ended today' }).locator('tbody tr');
    await rows.first().waitFor();
    expect(
      await rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent))),
    ).toEqual([
      ['agent-2', '3', '10,000', '$2.50'],
      ['agent-1', '1', '10,000', '$1.25'],
    ]);
  });
});
