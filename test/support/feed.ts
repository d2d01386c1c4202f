import { expect } from 'vitest';
import type { Page } from '../../src/rest/events/serve-events.ts';
import type { Api } from './api.ts';

/** One look at the events of a project, which has to succeed. */
export async function look(api: Api, project: string, query = ''): Promise<Page> {
  const { status, body } = await api.get(`/events?project=${project}${query}`);
  expect([status, body.error]).toEqual([200, undefined]);
  // The route answers so.
  return body as unknown as Page;
}

/** Reads from a cursor on, or from the start, until nothing is held back: all databases of the tests are one server. */
export async function readOn(api: Api, project: string, after?: string, query = '') {
  const events: Page['events'][number][] = [];
  let cursor = after;
  for (;;) {
    const page = await look(api, project, `${query}${cursor === undefined ? '' : `&after=${cursor}`}`);
    events.push(...page.events);
    cursor = page.next_cursor;
    if (!page.has_more && page.lag_seconds === 0) return { events, cursor };
  }
}
