import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, NO_BROWSER } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const KEY = 'a-plain-key-for-the-page';

const SIZES = [
  { name: 'a phone', width: 360, height: 740 },
  { name: 'a desk', width: 1280, height: 800 },
] as const;

/** A page with everything that its browser complained of. */
interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  /** The addresses of all requests. */
  readonly requested: string[];
}

describe.skipIf(NO_BROWSER)('the reference page in a browser', () => {
  let browser: Browser;
  let open: TestService;
  let closed: TestService;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    [open, closed] = await Promise.all([startTestService(), startTestService({ API_KEY: KEY })]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([open?.stop(), closed?.stop()]);
  });

  async function visit({ service }: TestService, size: { width: number; height: number }, path = '/docs') {
    const context = await browser.newContext({ viewport: size });
    const page = await context.newPage();
    const made: Visit = { page, complaints: [], requested: [] };
    page.on('console', (message) => made.complaints.push(message.text()));
    page.on('pageerror', (error) => made.complaints.push(error.message));
    page.on('request', (request) => made.requested.push(request.url()));
    await page.goto(`${service.url}${path}`);
    return made;
  }

  const formOf = (page: Page, id: string) => page.locator(`#${id} .try`);

  /** Opens the form of an operation, sends what is filled in, and resolves with the line about the outcome. */
  async function tried(form: Locator, values: Readonly<Record<string, string>>): Promise<string> {
    await form.locator('summary').click();
    for (const [label, value] of Object.entries(values)) await form.getByLabel(label).fill(value);
    await form.getByRole('button').click();
    await form.locator('.outcome.good, .outcome.bad').waitFor();
    return (await form.locator('.outcome').textContent()) ?? '';
  }

  describe.each(SIZES)('on $name', (size) => {
    it('the page loads without a complaint, from this service only, again from the cache', async () => {
      const { page, complaints, requested } = await visit(open, size);
      await page.reload();
      // The headers of the answer 304 replace those of the page.
      await page.goto(`${open.service.url}/docs#claimTask`);
      expect(await page.locator('h1').textContent()).toContain('API reference');
      expect(await page.locator('.copy').count()).toBeGreaterThan(10);
      expect(complaints).toEqual([]);
      expect(
        requested.filter((url) => !url.startsWith(open.service.url) && !url.startsWith('data:')),
      ).toEqual([]);
    });

    it('the page does not scroll sideways, with everything in it open', async () => {
      const { page } = await visit(open, size);
      await page.evaluate('document.querySelectorAll("details").forEach((it) => { it.open = true; })');
      const { content, window } = (await page.evaluate(
        '({ content: document.documentElement.scrollWidth, window: innerWidth })',
      )) as { content: number; window: number };
      expect(content).toBe(window);
    });

    it('a request is tried without a key where the service lets everybody in', async () => {
      const { page, complaints } = await visit(open, size);
      const form = formOf(page, 'listTasks');
      expect(await tried(form, { project: `p${size.width}` })).toMatch(/^200 OK · \d+ ms$/);
      expect(await form.locator('.answer pre').textContent()).toContain('"tasks": []');
      expect(await form.locator('.answer dl').textContent()).toContain('x-request-id');
      expect(complaints).toEqual([]);
    });

    it('a request is tried with a pasted key, which is in no address and in every form', async () => {
      const { page, requested } = await visit(closed, size);
      const form = formOf(page, 'addTasks');
      const body = { tasks: [{ task_id: 'TASK-1', project_id: `p${size.width}`, description: 'Try it' }] };
      expect(await tried(form, { 'Key or token': KEY, Body: JSON.stringify(body) })).toMatch(/^200 OK/);
      expect(await form.locator('.answer pre').textContent()).toContain('"tasks_added": 1');
      await page.reload();
      expect(await tried(formOf(page, 'listTasks'), { project: `p${size.width}` })).toMatch(/^200 OK/);
      expect([page.url(), ...requested].filter((url) => url.includes(KEY))).toEqual([]);
    });

    it('a refusal is shown with its status and code', async () => {
      const { page } = await visit(closed, size);
      const form = formOf(page, 'listTasks');
      expect(await tried(form, { project: 'p' })).toMatch(/^401 Unauthorized/);
      expect(await form.locator('.answer').textContent()).toContain('"missing_credential"');
    });

    it('a keyboard opens the form, fills it in, sends it and reaches the answer', async () => {
      const { page } = await visit(open, size, '/docs#listTasks');
      const form = formOf(page, 'listTasks');
      await form.locator('summary').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('listTasks-project');
      expect(await outlined(page)).toBe('solid');
      await page.keyboard.type('p');
      await page.keyboard.press('Enter');
      await form.locator('.answer pre').waitFor();
      const reached = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
      // Past the other fields of the form.
      for (let left = 40; left > 0 && (await reached()) !== 'Body of the answer'; left -= 1)
        await page.keyboard.press('Tab');
      expect(await reached()).toBe('Body of the answer');
    });

    it('the contents lead to an operation', async () => {
      const { page } = await visit(open, size);
      const opener = page.getByRole('link', { name: 'Contents' });
      if (await opener.isVisible()) await opener.click();
      await page.getByRole('navigation').getByRole('link', { name: 'POST /tasks/claim' }).click();
      const title = page.getByRole('heading', { name: 'Claim the next task of a project' });
      const place = await title.boundingBox();
      expect(place?.y).toBeGreaterThan(0);
      expect(place?.y).toBeLessThan(200);
    });
  });

  it('a reader without scripts has the document and no form', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${open.service.url}/docs`);
    expect(await page.locator('#claimTask h3').isVisible()).toBe(true);
    expect(await page.locator('#claimTask .try').isVisible()).toBe(false);
  });
});

const focused = (page: Page) => page.evaluate('document.activeElement.id');

const outlined = (page: Page) => page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
