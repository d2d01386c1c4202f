import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { createApiKey, hashOf } from '../../src/auth/api-key.ts';
import type { Scope } from '../../src/domain/access.ts';
import { type Api, apiOver } from './api.ts';
import { CHROMIUM } from './browser.ts';
import { withCredential } from './credentials.ts';
import { startTestService, type TestService } from './test-service.ts';

export const PROJECT = 'board';

const SCOPES = {
  admin: ['read', 'write', 'admin'],
  writer: ['read', 'write'],
  reader: ['read'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Role = keyof typeof SCOPES;

/** The board as somebody sees it, with all that the browser complained of. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  /** The addresses of all requests. */
  readonly requested: string[];
}

/** A service with a key for each role, and a browser. */
export interface BoardUnderTest {
  readonly tested: TestService;
  readonly keys: Readonly<Record<Role, string>>;
  readonly api: Api;
  /** Opens the board without signing in, until the end of the test that calls this. */
  open(search?: string, options?: BrowserContextOptions): Promise<Visit>;
  /** Opens it and signs in. */
  visit(role: Role, search?: string, options?: BrowserContextOptions): Promise<Visit>;
  stop(): Promise<void>;
}

export async function startBoard(): Promise<BoardUnderTest> {
  // The roles are the keys of SCOPES.
  const roles = Object.keys(SCOPES) as Role[];
  const made = roles.map((role) => [role, createApiKey()] as const);
  const keys = Object.fromEntries(made) as Record<Role, string>;
  const entries = made.map(([name, key]) => ({
    name,
    sha256: hashOf(key).toString('hex'),
    projects: '*',
    scopes: SCOPES[name],
  }));
  const tested = await startTestService({ API_KEYS: JSON.stringify(entries), LOG_LEVEL: 'error' });
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--js-flags=--expose-gc'],
  });
  const anybody = apiOver((to, init) => fetch(`${tested.service.url}${to}`, init));
  const board: BoardUnderTest = {
    tested,
    keys,
    api: withCredential(anybody, keys.admin),
    async open(search = `?project=${PROJECT}`, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, ...options });
      // A board that stays open asks again at each change of the tests that follow.
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const visit: Visit = { page, complaints: [], requested: [] };
      page.on('console', (message) => visit.complaints.push(message.text()));
      page.on('pageerror', (error) => visit.complaints.push(error.message));
      page.on('dialog', (dialog) => visit.complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => visit.requested.push(request.url()));
      await page.goto(`${tested.service.url}/board${search}`);
      return visit;
    },
    async visit(role, search, options) {
      const visit = await board.open(search, options);
      await signIn(visit.page, keys[role]);
      // The browser says that it was asked for a credential, before it had one.
      visit.complaints.length = 0;
      return visit;
    },
    async stop() {
      await browser.close();
      await tested.stop();
    },
  };
  return board;
}

export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A column by its title. */
export function column(page: Page, title: string) {
  return page.getByRole('region', { name: title });
}

/** The card of a task in a column. */
export function cardIn(page: Page, title: string, taskId: string) {
  return column(page, title).getByRole('button', { name: new RegExp(`^${taskId}\\b`) });
}

/** Looks until what follows holds, for as long as a board may take. */
export const until = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 });
