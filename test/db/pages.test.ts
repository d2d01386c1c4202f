import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

describe.each(DRIVERS)('pages over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  async function walk(query: string, between: (page: number) => Promise<void>): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const { status, body } = await app.get(`/tasks?project=p&${query}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(body.count).toBe(body.tasks.length);
      seen.push(...body.tasks.map((task) => task.task_id));
      cursor = body.next_cursor;
      if (cursor !== null) await between(page);
    }
    return seen;
  }

  it('a walk shows each task exactly once while others are added and moved', async () => {
    const throughout = ids('OLD', 53);
    await app.add('p', ...throughout);
    const adding: Promise<void>[] = [];
    const seen = await walk('limit=10', async (page) => {
      adding.push(app.add('p', ...ids(`NEW${page}`, 3)), app.add('other', ...ids(`OTHER${page}`, 3)));
      await app.move('p', `OLD-${page + 1}`, { status: 'in_progress' });
    });
    await Promise.all(adding);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id.startsWith('OLD'))).toEqual(throughout);
    expect(seen.filter((id) => id.startsWith('OTHER'))).toEqual([]);
  });

  it('a walk through one status shows no other', async () => {
    await app.add('p', ...ids('DONE', 7).map((task_id) => ({ task_id, status: 'completed' })));
    await app.add('p', ...ids('OPEN', 4));
    expect(await walk('limit=3&status=completed', () => Promise.resolve())).toEqual(ids('DONE', 7));
  });

  it('a page ends with the task whose texts make it 4 MiB', async () => {
    await database.query(`
      insert into tasks (task_id, project_id, description, inputs, completion_notes)
      select
        'TASK-' || number, 'p', repeat('x', 10000),
        (select jsonb_agg(repeat('😀', 200)) from generate_series(1, 100)),
        repeat('é', 10000)
      from generate_series(1, 80) as number
      order by number`);
    // 110,400 bytes each, so that 38 are the first to reach the bound.
    expect((await app.get('/tasks?project=p')).body.count).toBe(38);
    expect(await walk('limit=1000', () => Promise.resolve())).toEqual(ids('TASK', 80));
  });

  it('a list whose length is the limit has no next page', async () => {
    await app.add('p', ...ids('TASK', 4));
    const { body } = await app.get('/tasks?project=p&limit=4');
    expect(body.next_cursor).toBeNull();
    expect((await app.get('/tasks?project=p&limit=3')).body.next_cursor).toEqual(expect.any(String));
  });

  it('a page without a limit has up to 1000 tasks', async () => {
    for (const part of ['A', 'B', 'C']) await app.add('p', ...ids(part, 400));
    const first = await app.get('/tasks?project=p');
    expect(first.body.count).toBe(1000);
    const rest = await app.get(`/tasks?project=p&cursor=${first.body.next_cursor}`);
    expect(rest.body).toMatchObject({ count: 200, next_cursor: null });
  });
});
