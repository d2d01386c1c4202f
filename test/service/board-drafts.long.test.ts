import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, PROJECT, signIn, startBoard } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const REFUSED = {
  success: false,
  error: 'The token has expired',
  code: 'invalid_credential',
  request_id: '1',
};
const TOO_MANY = { ...REFUSED, error: 'Too many requests', code: 'rate_limited' };

describe.skipIf(NO_BROWSER)('what is typed into the board', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
  });
  afterAll(() => board?.stop());
  beforeEach(async () => {
    await board.tested.database.empty();
    await board.api.add(PROJECT, { task_id: 'TASK-1', description: 'Write the tests' }, 'TASK-2');
  });

  it('an edit and a note are there again after another card, until they are sent or discarded', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-1`);
    await page.getByLabel('A new note').fill('Look at the log');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Description', { exact: true }).fill('Mine');
    await page.getByRole('button', { name: 'Close the task' }).click();
    await cardIn(page, 'Ready', 'TASK-2').click();
    await page.getByRole('heading', { name: 'TASK-2' }).waitFor();
    expect(await page.getByLabel('A new note').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Close the task' }).click();
    await cardIn(page, 'Ready', 'TASK-1').click();
    expect(await page.getByLabel('Description', { exact: true }).inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('complementary').getByText('Mine').waitFor();
    expect(await page.getByLabel('A new note').inputValue()).toBe('Look at the log');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByLabel('A new note').inputValue()).toBe('');
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual(['task-tracker-key']);
  });

  it('what a refused key interrupts is offered again after the sign-in', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-1`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Description', { exact: true }).fill('Mine');
    // A reading that is refused as well would end the sitting before the click.
    await page.route('**/tasks/TASK-1?*', (route) =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 401, json: REFUSED }) : route.fallback(),
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(REFUSED.error).waitFor();
    await page.unroute('**/tasks/TASK-1?*');
    await signIn(page, board.keys.writer);
    await page.getByLabel('Description', { exact: true }).waitFor();
    expect(await page.getByLabel('Description', { exact: true }).inputValue()).toBe('Mine');
  });

  it('a task to be added outlives Escape, a 401 and a reload, and not the signing out', async () => {
    const { page } = await board.visit('writer');
    await page.getByRole('button', { name: 'Add a task' }).click();
    await page.getByLabel('What is to be done').fill('Read the log');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add a task (not sent)' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Add a task (not sent)' }).click();
    expect(await page.getByLabel('What is to be done').inputValue()).toBe('Read the log');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await signIn(page, board.keys.writer);
    await page.getByRole('button', { name: 'Add a task', exact: true }).waitFor();
  });

  it('a sign-in that is asked to wait says so, keeps the key, and signs in by itself', async () => {
    const { page } = await board.open();
    await page.route('**/projects', (route) =>
      route.fulfill({ status: 429, json: TOO_MANY, headers: { 'retry-after': '2' } }),
    );
    await signIn(page, board.keys.writer);
    await page.getByText('Too many requests. The board asks again in 2 s; your key is kept').waitFor();
    expect(await page.getByLabel('Key').inputValue()).toBe(board.keys.writer);
    await page.unroute('**/projects');
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
  });

  it('an edit of a task that somebody else changed meanwhile is refused, loses nothing that was typed, and can be made on the newer task', async () => {
    const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-1`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Description', { exact: true }).fill('Mine');
    await board.api.get(`/tasks/TASK-1?project=${PROJECT}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description: 'Theirs', context_notes: 'From them' }),
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('complementary')
      .getByText(/revision/i)
      .first()
      .waitFor();
    expect(await page.getByLabel('Description', { exact: true }).inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Take over what I have not changed' }).click();
    expect(await page.getByLabel('Context').inputValue()).toBe('From them');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    expect((await board.api.get(`/tasks/TASK-1?project=${PROJECT}`)).body.task).toMatchObject({
      description: 'Mine',
      context_notes: 'From them',
    });
  });
});
