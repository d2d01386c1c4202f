import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, column, PROJECT, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

describe.skipIf(NO_BROWSER)('what the board takes back', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
  });
  afterAll(() => board?.stop());
  beforeEach(async () => {
    await board.tested.database.empty();
    await board.api.add(PROJECT, { task_id: 'TASK-1', description: 'Write the tests' });
  });

  const taskOf = async (id: string) =>
    (await board.api.get(`/tasks/${id}?project=${PROJECT}&include=needs`)).body;
  const undo = async (page: Page, text: string) => {
    const notice = page.locator('.notice', { hasText: text });
    await notice.getByRole('button', { name: 'Undo' }).click();
  };

  it('a need that a task is to do without is there again, as it was', async () => {
    const need = { when: 'ended', group: 'either', on_failure: 'ignore' };
    await board.api.add(PROJECT, { task_id: 'TASK-2', needs: [{ task_id: 'TASK-1', ...need }] });
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-2`);
    await page.getByRole('button', { name: 'Do without TASK-1' }).click();
    await cardIn(page, 'Ready', 'TASK-2').waitFor();
    await undo(page, 'Do without TASK-1');
    await cardIn(page, 'Blocked', 'TASK-2').waitFor();
    expect(await taskOf('TASK-2')).toMatchObject({ needs: [{ need: 'TASK-1', ...need }] });
  });

  it('a pause that is resumed, in the bar or in a task, comes back with its reason and its end', async () => {
    const paused = { reason: 'The model is down', until: '2099-01-01T00:00:00.000Z' };
    await board.api.put(`/projects/${PROJECT}`, { paused });
    const { page } = await board.visit('admin', `?project=${PROJECT}&task=TASK-1`);
    const settings = async () => (await board.api.get(`/projects/${PROJECT}`)).body;
    for (const [button, said] of [
      ['Resume the project', 'Done: Resume'],
      ['Resume', 'goes on'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await until(settings).toMatchObject({ project: { paused: null } });
      await undo(page, said);
      await until(settings).toMatchObject({ project: { paused } });
      if (button !== 'Resume') await page.getByRole('button', { name: 'Close the task' }).click();
    }
  });

  it('a task that is added is deleted again by who may, and nobody else is offered that', async () => {
    for (const role of ['admin', 'writer'] as const) {
      const { page } = await board.visit(role);
      await page.getByRole('button', { name: 'Add a task' }).click();
      await page.getByLabel('What is to be done').fill('Read the log');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const card = page.locator('.card', { hasText: 'Read the log' });
      await card.waitFor();
      if (role === 'writer') expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
      else {
        await undo(page, 'is added');
        await until(() => card.count()).toBe(0);
      }
    }
  });

  it('priorities that are set for many are each what they were', async () => {
    await board.api.add(PROJECT, { task_id: 'TASK-2', priority: 4 }, { task_id: 'TASK-3', priority: 0 });
    const { page } = await board.visit('writer');
    await page.getByRole('button', { name: 'Change many' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tasks that are').selectOption('ready');
    await dialog.getByLabel('What to do').selectOption('priority-0');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: 'Change 2 tasks' }).click();
    await page.getByText('2 tasks changed').waitFor();
    const priorities = async () => {
      const tasks = await Promise.all(['TASK-1', 'TASK-2', 'TASK-3'].map(taskOf));
      return tasks.map(({ task }) => task?.priority);
    };
    expect(await priorities()).toEqual([0, 0, 0]);
    await undo(page, '2 tasks changed');
    await until(priorities).toEqual([2, 4, 0]);
  });

  it('what cannot be taken back is told so', async () => {
    await board.api.move(PROJECT, 'TASK-1', { status: 'cancelled' });
    const { page } = await board.visit('writer');
    await page.getByRole('button', { name: 'Change many' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tasks that are').selectOption('cancelled');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: 'Change 1 task' }).click();
    await page.getByText('This cannot be undone').waitFor();
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    // Each column asks for itself.
    await until(() => column(page, 'Cancelled').locator('.card').count()).toBe(0);
  });
});
