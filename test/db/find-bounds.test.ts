import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';

const COUNT = 10_500;

describe('a filtered list of more tasks than one page looks at', () => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver: 'neon', connectionString: database.neon });
    // The trigger that logs tasks, one by one, leaves those alone that have a version.
    await database.query(`
      insert into tasks (task_id, project_id, description, version, generator_name, labels, priority, status)
      select
        'T-' || n, 'p', 'Words' || case when n > 10300 then ' zebra' else '' end, 1,
        case when n % 1000 = 0 then 'rare' else 'usual' end, '["all"]', n % 2, case when n > 10400 then 'failed' else 'pending' end
      from generate_series(1, ${COUNT}) as n`);
    await database.query(
      `update tasks set updated_at = now() + interval '1 day' where task_id in ('T-5', 'T-10450')`,
    );
  }, 300_000);

  const list = (query: string): Promise<Answer> => app.get(`/tasks?project=p&fields=task_id&${query}`);
  const idsOf = ({ body }: Answer) => body.tasks.map(({ task_id }) => task_id);

  async function pagesOf(query: string): Promise<string[][]> {
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Answer = await list(`${query}${cursor && `&cursor=${cursor}`}`);
      expect(page.status, page.body.error).toBe(200);
      pages.push(idsOf(page));
      cursor = page.body.next_cursor;
    }
    return pages;
  }

  it.each(['updated_after=2999', 'label=all&updated_after=2999'])(
    'a page of %s ends early after 10,000 tasks and leads on',
    async (query) => {
      const after = query.replace('2999', encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString()));
      expect(await pagesOf(after)).toEqual([['T-5'], ['T-10450']]);
      expect(await pagesOf(`${after}&sort=-created`)).toEqual([['T-10450'], ['T-5']]);
      expect(await pagesOf(`${after}&sort=priority`)).toEqual([['T-10450', 'T-5'], []]);
    },
  );

  it('a walk through all of a large list meets each task once, in any order', async () => {
    for (const query of [
      'label=all',
      'q=words',
      'sort=-created&generator_name=usual',
      'sort=priority&label=all',
    ]) {
      const seen = (await pagesOf(query)).flat();
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(query.includes('usual') ? COUNT - 10 : COUNT);
    }
  }, 300_000);

  it('a part of the filter that few tasks fit finds them wherever they are', async () => {
    expect((await pagesOf('label=all&generator_name=rare&limit=3')).map(({ length }) => length)).toEqual([
      3, 3, 3, 1,
    ]);
    expect(await pagesOf('label=all&q=zebra&status=failed&limit=1000')).toEqual([
      Array.from({ length: 100 }, (_, index) => `T-${10_401 + index}`),
    ]);
  });

  it('the total is exact as long as an index gives no more than 10,000 tasks', async () => {
    expect((await list('q=zebra&limit=1&total=true')).body).toMatchObject({
      total: 200,
      total_is_exact: true,
    });
    const even = await list('label=all&priority_max=0&limit=1&total=true');
    expect(even.body).toMatchObject({ total: 5_250, total_is_exact: true });
    expect((await list('status=failed&limit=1&total=true')).body).toMatchObject({
      total: 100,
      total_is_exact: true,
    });
  });

  it('beyond, the total is a lower bound, and says so', async () => {
    const whole = await list('limit=1&total=true');
    expect(whole.body).toMatchObject({ count: 1, total: 10_000, total_is_exact: false });
    const labelled = await list('label=all&updated_after=2000-01-01T00:00:00Z&limit=1&total=true');
    expect(labelled.body).toMatchObject({ total: 10_000, total_is_exact: false });
  });

  it.each(['sort=updated', 'sort=-updated&label=all', 'sort=relevance&q=words'])(
    '%s refuses to sort so many, and tells how to have fewer',
    async (query) => {
      const { status, body } = await list(query);
      expect([status, body.code]).toEqual([422, 'list_too_large']);
      expect(body.error).toMatch(
        /^More than 10000 tasks would have to be sorted by .*\. Narrow the filter by status, /,
      );
    },
  );

  it('the same order is served where another part of the filter is narrow', async () => {
    expect((await pagesOf('sort=-updated&status=failed&limit=2'))[0]?.[0]).toBe('T-10450');
    expect((await pagesOf('sort=relevance&q=words&generator_name=rare')).flat()).toHaveLength(10);
  });

  it('a change of many tasks looks at 10,000 at most and leads on', async () => {
    const updated_after = new Date(Date.now() + 3_600_000).toISOString();
    const request = { project_id: 'p', action: 'cancel', filter: { updated_after }, dry_run: true };
    const { body: first } = await app.post('/tasks/bulk', request);
    expect(first).toMatchObject({ matched: 1, task_ids: ['T-5'], has_more: true });
    const { body: next } = await app.post('/tasks/bulk', { ...request, cursor: first.cursor });
    expect(next).toMatchObject({
      matched: 1,
      skipped: [{ task_id: 'T-10450', reason: 'invalid_transition' }],
      has_more: false,
    });
    const moments = { ...request, filter: { updated_after, created_after: '2020-01-01T00:00:00Z' } };
    const { body: part } = await app.post('/tasks/bulk', moments);
    expect(part).toMatchObject({ task_ids: ['T-5'], has_more: true });
    const { body: rest } = await app.post('/tasks/bulk', { ...moments, cursor: part.cursor });
    expect(rest).toMatchObject({ matched: 1, task_ids: [], has_more: false });
  });

  it('words that more than 10,000 notes have are refused', async () => {
    await database.query(`
      insert into task_notes (project_id, task_seq, version, at, author, text)
      select 'p', seq, 2, now(), 'test', 'Common' from tasks`);
    const { status, body } = await list('q=common');
    expect([status, body.code]).toEqual([422, 'list_too_large']);
    expect(body.error).toBe(
      'More than 10000 notes of the project have the words of q. Give more words, or rarer ones',
    );
    expect((await list('q=zebra')).status).toBe(200);
    const change = { project_id: 'p', action: 'cancel', filter: { q: 'common' } };
    expect((await app.post('/tasks/bulk', change)).body.code).toBe('list_too_large');
    const [{ cancelled } = {}] = await database.query<{ cancelled: string }>(
      `select count(*) as cancelled from tasks where status = 'cancelled'`,
    );
    expect(Number(cancelled)).toBe(0);
  });
});
