import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BoardUnderTest, cardIn, column, PROJECT, signIn, startBoard, until } from '../support/board.ts';
import { NO_BROWSER } from '../support/browser.ts';

/** How soon the board shows what another client did, on a machine with other work. */
const LIVE_MS = 2_000;
const ATTEMPTS = { retry: 2 };

describe.skipIf(NO_BROWSER)('the board in a browser', () => {
  let board: BoardUnderTest;

  beforeAll(async () => {
    board = await startBoard();
  });
  afterAll(() => board?.stop());
  beforeEach(async () => {
    await board.tested.database.empty();
    await board.api.add(PROJECT, { task_id: 'TASK-1', description: 'Write the tests' });
  });

  describe('signing in', () => {
    it('a key that is refused is told with the service’s sentence, and the next one signs in', async () => {
      const { page } = await board.open();
      await signIn(page, 'ttk_wrong');
      await until(() => page.getByRole('alert').textContent()).toMatch(/key|credential/i);
      await signIn(page, board.keys.writer);
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      expect(await page.getByText('writer', { exact: true }).count()).toBe(1);
    });

    it('the key stays in the tab: in no address and no other storage, and not after signing out', async () => {
      const { page, requested } = await board.visit('admin');
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      const stored = () =>
        page.evaluate(
          '({ session: JSON.stringify(sessionStorage), local: JSON.stringify(localStorage), cookie: document.cookie })',
        );
      expect(await stored()).toMatchObject({
        session: expect.stringContaining(board.keys.admin),
        local: '{}',
        cookie: '',
      });
      await page.reload();
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Key').waitFor();
      expect(await stored()).toMatchObject({ session: '{}' });
      expect([page.url(), ...requested].join('\n')).not.toContain(board.keys.admin);
    });

    it('the board asks nobody but this service', async () => {
      const { page, requested, complaints } = await board.visit('admin');
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      const foreign = requested.filter(
        (url) => !/^data:/.test(url) && !url.startsWith(board.tested.service.url),
      );
      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });

  describe('what others do', () => {
    it('a change by another client is shown within two seconds', ATTEMPTS, async () => {
      const { page } = await board.visit('reader');
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      await page.getByText('● live').waitFor();
      const began = performance.now();
      await board.api.claim(PROJECT, 'agent-7');
      await cardIn(page, 'In progress', 'TASK-1').waitFor();
      expect(performance.now() - began).toBeLessThan(LIVE_MS);
      expect(await cardIn(page, 'In progress', 'TASK-1').textContent()).toContain('agent-7');
      await until(() => cardIn(page, 'Ready', 'TASK-1').count()).toBe(0);
    });

    it('without a network the board says so, and afterwards shows what it missed', async () => {
      const { page } = await board.visit('reader');
      await page.getByText('● live').waitFor();
      await page.context().setOffline(true);
      await page.getByText('not live').waitFor();
      await board.api.add(PROJECT, 'TASK-2');
      await page.context().setOffline(false);
      await page.getByText('● live').waitFor();
      await cardIn(page, 'Ready', 'TASK-2').waitFor();
    });

    it('a column says how many tasks it has, and a filter in the address narrows it down', async () => {
      await board.api.add(
        PROJECT,
        { task_id: 'TASK-2', labels: ['api'] },
        { task_id: 'TASK-3', labels: ['docs'] },
      );
      const { page } = await board.visit('reader', `?project=${PROJECT}&label=api`);
      await cardIn(page, 'Ready', 'TASK-2').waitFor();
      expect(await column(page, 'Ready').getByRole('heading').textContent()).toContain('1');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await cardIn(page, 'Ready', 'TASK-3').waitFor();
      expect(page.url()).not.toContain('label');
      await page.goBack();
      await until(() => cardIn(page, 'Ready', 'TASK-3').count()).toBe(0);
    });

    it('filters that are typed one right after the other all count', async () => {
      await board.api.add(
        PROJECT,
        { task_id: 'TASK-2', labels: ['api'] },
        { task_id: 'TASK-3', labels: ['api'], generator_name: 'prd' },
      );
      const { page } = await board.visit('reader');
      await cardIn(page, 'Ready', 'TASK-3').waitFor();
      // In one turn of the page, so that no timer comes between.
      await page.evaluate(`for (const [name, text] of [['Label', 'api'], ['Generator', 'prd']]) {
        const field = document.querySelector('input[aria-label="' + name + '"]');
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }`);
      await until(() => column(page, 'Ready').locator('.card').allTextContents()).toEqual([
        expect.stringContaining('TASK-3'),
      ]);
      expect(new URL(page.url()).searchParams.get('label')).toBe('api');
      expect(await page.getByLabel('Generator').inputValue()).toBe('prd');
    });

    it('the beginning of an id finds its task', async () => {
      await board.api.add(PROJECT, { task_id: 'OTHER-7' });
      const { page } = await board.visit('reader');
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      await page.getByRole('searchbox').fill('OTHER-');
      await until(() => column(page, 'Ready').locator('.card').allTextContents()).toEqual([
        expect.stringContaining('OTHER-7'),
      ]);
    });

    it('a pause is shown that comes between the sign-in and the first event', async () => {
      const { page } = await board.open();
      await page.route('**/events?*', async (route) => {
        await board.api.put(`/projects/${PROJECT}`, { paused: { reason: 'The model is down' } });
        await route.continue();
      });
      await signIn(page, board.keys.reader);
      await page.getByText('The model is down').waitFor();
    });
  });

  describe('stepping in', () => {
    const statusOf = async (id: string) =>
      (await board.api.get(`/tasks/${id}?project=${PROJECT}`)).body.task?.status;

    it('the keyboard alone starts, prioritizes and undoes', async () => {
      await board.api.add(PROJECT, 'TASK-2');
      const { page } = await board.visit('writer');
      await cardIn(page, 'Ready', 'TASK-1').focus();
      await page.keyboard.press('ArrowDown');
      await until(() => page.evaluate('document.activeElement.textContent')).toContain('TASK-2');
      await page.keyboard.press('m');
      await page.getByRole('menuitem', { name: 'Start' }).waitFor();
      await page.keyboard.press('Enter');
      await cardIn(page, 'In progress', 'TASK-2').waitFor();
      await until(() => statusOf('TASK-2')).toBe('in_progress');
      await page.getByRole('status').getByText('TASK-2 is in progress').waitFor();
      await page.getByRole('button', { name: 'Undo' }).press('Enter');
      await until(() => statusOf('TASK-2')).toBe('pending');
      await cardIn(page, 'Ready', 'TASK-1').press('0');
      await page.getByRole('status').getByText('TASK-1 has priority 0').waitFor();
      expect((await board.api.get(`/tasks/TASK-1?project=${PROJECT}`)).body.task?.priority).toBe(0);
    });

    it('a card that is dragged to a column makes the move that leads there, where there is one', async () => {
      const { page } = await board.visit('writer');
      const card = page.locator('.card', { hasText: 'TASK-1' });
      await card.dragTo(column(page, 'Completed'));
      await page.getByText('TASK-1 cannot be moved to Completed').waitFor();
      await card.dragTo(column(page, 'Cancelled'));
      await cardIn(page, 'Cancelled', 'TASK-1').waitFor();
      await until(() => statusOf('TASK-1')).toBe('cancelled');
    });

    describe('dragging a card within its column', () => {
      beforeEach(() =>
        board.api.add(
          PROJECT,
          { task_id: 'TASK-2', priority: 0 },
          { task_id: 'TASK-3', priority: 2 },
          { task_id: 'TASK-4', priority: 4 },
        ),
      );

      const order = (page: Page) =>
        column(page, 'Ready')
          .locator('.card')
          .evaluateAll((all) =>
            all
              .map((card) => [card.getAttribute('aria-posinset'), card.querySelector('strong')?.textContent])
              .sort(([one], [other]) => Number(one) - Number(other))
              .map(([, id]) => id),
          );
      const priorityOf = async (id: string) =>
        (await board.api.get(`/tasks/${id}?project=${PROJECT}`)).body.task?.priority;
      /** Drops one card right below another one. */
      const dropBelow = (page: Page, id: string, above: string) =>
        page
          .locator('.card', { hasText: id })
          .dragTo(page.locator('.card', { hasText: above }), { targetPosition: { x: 40, y: 90 } });

      it('it takes the priority with which it stands where it was dropped, and the undo takes it back', async () => {
        const { page } = await board.visit('writer');
        await until(() => order(page)).toEqual(['TASK-2', 'TASK-1', 'TASK-3', 'TASK-4']);
        await dropBelow(page, 'TASK-4', 'TASK-2');
        await page.getByRole('status').getByText('TASK-4 has priority 1').waitFor();
        await until(() => order(page)).toEqual(['TASK-2', 'TASK-4', 'TASK-1', 'TASK-3']);
        expect(await priorityOf('TASK-4')).toBe(1);
        await page.getByRole('button', { name: 'Undo' }).click();
        await until(() => priorityOf('TASK-4')).toBe(4);
        await until(() => order(page)).toEqual(['TASK-2', 'TASK-1', 'TASK-3', 'TASK-4']);
      });

      it('between two of one priority it takes that one, stands among them by its creation, and the board says so', async () => {
        const { page } = await board.visit('writer');
        await cardIn(page, 'Ready', 'TASK-1').waitFor();
        await dropBelow(page, 'TASK-4', 'TASK-1');
        await page
          .getByRole('status')
          .getByText('TASK-4 has priority 2; equals stand in the order of their creation')
          .waitFor();
        await until(() => order(page)).toEqual(['TASK-2', 'TASK-1', 'TASK-3', 'TASK-4']);
        await dropBelow(page, 'TASK-3', 'TASK-2');
        await until(() => priorityOf('TASK-3')).toBe(1);
      });

      it('a refusal puts the card back, with the sentence of the service', async () => {
        const { page } = await board.visit('writer');
        await cardIn(page, 'Ready', 'TASK-4').waitFor();
        await page.route('**/tasks/TASK-4?*', async (route) => {
          await board.api.claim(PROJECT, 'agent-7');
          await route.fulfill({
            status: 409,
            json: {
              success: false,
              error: 'TASK-4 is not editable now',
              code: 'not_editable',
              request_id: '1',
            },
          });
        });
        await dropBelow(page, 'TASK-4', 'TASK-2');
        await page.getByRole('status').getByText('TASK-4 is not editable now').waitFor();
        await until(() => order(page)).toEqual(['TASK-1', 'TASK-3', 'TASK-4']);
        expect(await priorityOf('TASK-4')).toBe(4);
      });

      it('in a column that is sorted otherwise, or for a reader, it changes nothing', async () => {
        for (const [role, search] of [
          ['reader', ''],
          ['writer', '&sort=created'],
        ] as const) {
          const { page } = await board.visit(role, `?project=${PROJECT}${search}`);
          await cardIn(page, 'Ready', 'TASK-4').waitFor();
          const edits: string[] = [];
          page.on('request', (request) => {
            if (request.method() === 'PATCH') edits.push(request.url());
          });
          await dropBelow(page, 'TASK-4', 'TASK-2');
          // Whatever the first drop led to has been asked for before the second one is told.
          await page.locator('.card', { hasText: 'TASK-4' }).dragTo(column(page, 'Completed'));
          await page.getByText('TASK-4 cannot be moved to Completed').waitFor();
          expect(edits).toEqual([]);
        }
      });
    });

    it('a move that the service refuses is taken back with its sentence', async () => {
      const { page } = await board.visit('writer');
      await cardIn(page, 'Ready', 'TASK-1').waitFor();
      await page.route('**/tasks/TASK-1/status*', async (route) => {
        await board.api.claim(PROJECT, 'agent-7');
        await route.continue();
      });
      await cardIn(page, 'Ready', 'TASK-1').press('m');
      await page.getByRole('menuitem', { name: 'Cancel' }).click();
      await page
        .getByRole('status')
        .getByText(/claimed by agent-7/)
        .waitFor();
      await cardIn(page, 'In progress', 'TASK-1').waitFor();
    });

    it('a task is added, edited, deleted and restored', async () => {
      const { page } = await board.visit('admin');
      await page.getByRole('button', { name: 'Add a task' }).click();
      await page.getByLabel('What is to be done').fill('Read the *log*');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page
        .getByRole('status')
        .getByText(/TASK-\d+ is added/)
        .waitFor();
      await page.getByRole('button', { name: /Read the/ }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('Labels, separated by commas').fill('ops, night');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('complementary').getByText('ops, night').waitFor();
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page
        .getByRole('status')
        .getByText(/is deleted/)
        .waitFor();
      await until(() => page.locator('.card', { hasText: 'Read the' }).count()).toBe(0);
      await page.locator('.notice', { hasText: 'is deleted' }).getByRole('button', { name: 'Undo' }).click();
      await page.locator('.card', { hasText: 'Read the' }).waitFor();
    });

    it('a paused project says why on every board, and goes on', async () => {
      const { page } = await board.visit('admin');
      const { page: other } = await board.visit('reader');
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByLabel('Why').fill('The model is down');
      await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await other.getByText('The model is down').waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await until(() => other.getByText('The model is down').count()).toBe(0);
    });

    it('all that match are retried at once, after a preview that counts them', async () => {
      const many = Array.from({ length: 40 }, (_, n) => ({
        task_id: `MANY-${n}`,
        status: 'failed',
        labels: ['api'],
      }));
      await board.api.add(PROJECT, ...many, { task_id: 'OTHER-1', status: 'failed' });
      const { page } = await board.visit('writer', `?project=${PROJECT}&label=api`);
      await page.getByRole('button', { name: 'Change many' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText('40 tasks match, 40 would change').waitFor();
      expect(await statusOf('MANY-0')).toBe('failed');
      await dialog.getByRole('button', { name: 'Change 40 tasks' }).click();
      await page
        .getByRole('status')
        .getByText(/40 tasks changed/)
        .waitFor();
      expect([await statusOf('MANY-39'), await statusOf('OTHER-1')]).toEqual(['pending', 'failed']);
    });

    it('an admin ends a claim from the view of the agents', async () => {
      await board.api.claim(PROJECT, 'agent-7');
      const { page } = await board.visit('admin', `?project=${PROJECT}&view=agents`);
      await page.getByRole('rowheader', { name: 'agent-7' }).waitFor();
      await page.getByRole('button', { name: 'End the claim on TASK-1' }).click();
      await page.getByText('Nobody holds a task').waitFor();
      expect(await statusOf('TASK-1')).toBe('pending');
    });

    /** Lets half a minute pass for the page, in which the service tells it nothing. */
    async function passQuietly(page: Page, change: () => Promise<unknown>) {
      await page.clock.install();
      await page.reload();
      await page.getByText('● live').waitFor();
      await change();
      await page.clock.fastForward(31_000);
    }

    it('the view of the agents learns of heartbeats that are no events', async () => {
      const { claim } = (await board.api.claim(PROJECT, 'agent-7', { lease_seconds: 40 })).body;
      const { page } = await board.visit('admin', `?project=${PROJECT}&view=agents`);
      await page.getByRole('cell', { name: /^\d+ s left$/ }).waitFor();
      const renewal = { claim_token: claim.token, lease_seconds: 3_600 };
      await passQuietly(page, () => board.api.post(`/tasks/TASK-1/heartbeat?project=${PROJECT}`, renewal));
      await page.getByRole('cell', { name: /^5\d min \d+ s left$/ }).waitFor();
    });

    it('a stuck task says why in words, with the button that mends it', async () => {
      await board.api.add(PROJECT, { task_id: 'TASK-2', needs: ['TASK-1'] });
      await board.api.move(PROJECT, 'TASK-1', { status: 'cancelled' });
      const { page } = await board.visit('writer', `?project=${PROJECT}&task=TASK-2`);
      await cardIn(page, 'Stuck', 'TASK-2').waitFor();
      await page
        .getByRole('complementary')
        .getByText(/can no longer be met/)
        .waitFor();
      await page.getByRole('button', { name: 'Do without TASK-1' }).click();
      await cardIn(page, 'Ready', 'TASK-2').waitFor();
    });
  });
});
