import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, column, PROJECT, signIn, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

const FAILURE = {
  success: false,
  error: 'The database rests',
  code: 'database_unavailable',
  request_id: '1',
};

describe.skipIf(NO_BROWSER)('the board over a service that fails, refuses or is late', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
  });
  afterAll(() => board?.stop());
  beforeEach(async () => {
    await board.tested.database.empty();
    await board.api.add(PROJECT, { task_id: 'TASK-1', description: 'Write the tests' });
  });

  it('what a failing service could not answer is asked again until it can', async () => {
    const { page } = await board.visit('reader');
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await page.getByText('● live').waitFor();
    await page.route('**/tasks?*', (route) => route.fulfill({ status: 503, json: FAILURE }));
    await board.api.add(PROJECT, { task_id: 'TASK-2' });
    await column(page, 'Ready').getByRole('alert').getByText(FAILURE.error).waitFor();
    await page.unroute('**/tasks?*');
    await cardIn(page, 'Ready', 'TASK-2').waitFor();
    expect(await column(page, 'Ready').getByRole('alert').count()).toBe(0);
  });

  it('a reload while the service fails keeps the key, and signs in with it later', async () => {
    const { page } = await board.visit('reader');
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
    await page.route('**/projects', (route) => route.fulfill({ status: 503, json: FAILURE }));
    await page.reload();
    await page.getByRole('alert').getByText(FAILURE.error).waitFor();
    await page.unroute('**/projects');
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
  });

  it('a key that is not for the project of the address stays signed in, and may choose another', async () => {
    const { page } = await board.open();
    await page.route(/\/(?:events|tasks)\?/, (route) =>
      route.fulfill({ status: 403, json: { ...FAILURE, error: 'Your key does not cover the project' } }),
    );
    await signIn(page, board.keys.reader);
    await column(page, 'Ready').getByText('Your key does not cover the project').waitFor();
    await page.unroute(/\/(?:events|tasks)\?/);
    await page.getByLabel('Project').selectOption('');
    await page.getByLabel('Project').selectOption(PROJECT);
    await cardIn(page, 'Ready', 'TASK-1').waitFor();
  });

  it('a clock that is off makes no lease look expired', async () => {
    await board.api.claim(PROJECT, 'agent-7');
    const { page } = await board.open(`?project=${PROJECT}&view=agents`);
    await page.clock.setSystemTime(Date.now() + 3 * 3_600_000);
    await signIn(page, board.keys.reader);
    await page.getByRole('cell', { name: /\d+ (?:min|m|s).* left/ }).waitFor();
  });

  it('an answer that comes late replaces none that was asked for later', async () => {
    await board.api.claim(PROJECT, 'agent-7');
    const { page } = await board.visit('reader');
    await page.getByText('● live').waitFor();
    const held: (() => Promise<void>)[] = [];
    await page.route(/status=in_progress.*limit=500/, async (route) => {
      const response = await route.fetch();
      if (held.length > 0) return route.fulfill({ response });
      held.push(() => route.fulfill({ response }));
    });
    await page.getByRole('button', { name: 'Agents' }).click();
    await until(() => held.length).toBe(1);
    await board.api.move(PROJECT, 'TASK-1', { status: 'pending', reset: true, force: true });
    await page.getByText('Nobody holds a task').waitFor();
    const late = page.waitForResponse(/status=in_progress.*limit=500/);
    await held[0]?.();
    await (await late).finished();
    // The page has taken the answer in by then.
    await page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))');
    expect(await page.getByText('Nobody holds a task').count()).toBe(1);
  });
});
