import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

describe.each(DRIVERS)('a filtered list over %s', (driver) => {
  let app: AppUnderTest;
  let database: DatabaseUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const list = (query: string): Promise<Answer> => app.get(`/tasks?project=p&${query}`);
  const idsOf = ({ body }: Answer) => body.tasks.map(({ task_id }) => task_id);
  const found = async (query: string) => idsOf(await list(query));

  /** Every id of a list, page by page. */
  async function walk(query: string): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Answer = await list(`${query}${cursor && `&cursor=${cursor}`}`);
      expect(page.status, page.body.error).toBe(200);
      seen.push(...idsOf(page));
      cursor = page.body.next_cursor;
    }
    return seen;
  }

  const refused = async (query: string) => {
    const { status, body } = await list(query);
    return [status, body.code, body.error];
  };

  describe('of tasks that differ', () => {
    beforeEach(async () => {
      await app.add(
        'p',
        { task_id: 'A-1', priority: 0, labels: ['docs'], generator_name: 'hls' },
        { task_id: 'A-2', priority: 3, labels: ['docs', 'urgent'], status: 'completed' },
        { task_id: 'AB-3', priority: 1, needs: ['A-1'] },
        { task_id: 'B-4', priority: 3, generator_name: 'hls', not_before: '2999-01-01T00:00:00Z' },
        { task_id: 'B-5', priority: 2, status: 'failed' },
        { task_id: 'B-6', needs: [{ task_id: 'B-5' }] },
      );
      await app.add('other', { task_id: 'A-1', labels: ['docs'], generator_name: 'hls' });
    });

    it.each([
      ['status=completed,failed', 'A-2 B-5'],
      ['status=failed,completed,failed', 'A-2 B-5'],
      ['label=docs', 'A-1 A-2'],
      ['label=urgent', 'A-2'],
      ['label=doc', ''],
      ['generator_name=hls', 'A-1 B-4'],
      ['priority_min=3', 'A-2 B-4'],
      ['priority_max=1', 'A-1 AB-3'],
      ['priority_min=1&priority_max=2', 'AB-3 B-5 B-6'],
      ['id_prefix=A', 'A-1 A-2 AB-3'],
      ['id_prefix=A-', 'A-1 A-2'],
      ['id_prefix=C', ''],
      ['state=ready', 'A-1'],
      ['state=delayed', 'B-4'],
      ['state=blocked', 'AB-3'],
      ['state=stuck', 'B-6'],
      ['state=ready&status=completed', ''],
      ['state=ready&status=pending,completed', 'A-1'],
      ['label=docs&status=pending', 'A-1'],
      ['label=docs&id_prefix=A-2&priority_min=3', 'A-2'],
      ['generator_name=hls&state=delayed', 'B-4'],
      ['created_after=2000-01-01T00:00:00Z&label=urgent', 'A-2'],
      ['created_before=2000-01-01T00:00:00Z', ''],
      ['updated_before=2000-01-01T00:00:00Z', ''],
      ['updated_after=2000-01-01T00:00:00Z&label=urgent', 'A-2'],
      ['sort=priority', 'A-1 AB-3 B-5 B-6 A-2 B-4'],
      ['sort=-priority', 'B-4 A-2 B-6 B-5 AB-3 A-1'],
      ['sort=-created', 'B-6 B-5 B-4 AB-3 A-2 A-1'],
      ['sort=created&status=pending,failed', 'A-1 AB-3 B-4 B-5 B-6'],
      ['sort=-priority&label=docs', 'A-2 A-1'],
    ])('%s finds %s', async (query, ids) => {
      const expected = ids === '' ? [] : ids.split(' ');
      expect(await found(query)).toEqual(expected);
      expect(await walk(`${query}&limit=1`)).toEqual(expected);
      expect((await list(`${query}&limit=1&total=true`)).body).toMatchObject({
        total: expected.length,
        total_is_exact: true,
      });
    });

    it('states are counted and found alike', async () => {
      const { body } = await app.get('/projects/p');
      const { counts } = body as unknown as { counts: Record<string, number> };
      for (const state of ['ready', 'delayed', 'blocked', 'stuck'])
        expect([state, await found(`state=${state}`)]).toEqual([
          state,
          expect.objectContaining({ length: counts[state] }),
        ]);
    });

    it('a task that has become due is ready, though nobody has looked at it since', async () => {
      await database.query(`update tasks set ready_at = now() - interval '1 second' where task_id = 'B-4'`);
      expect(await found('state=ready')).toEqual(['A-1', 'B-4']);
      expect(await found('state=delayed')).toEqual([]);
    });

    it('the priority of a list is the own one, not the one that others lend a task', async () => {
      await app.add('p', { task_id: 'U-1', priority: 0, needs: ['B-4'] });
      expect(await found('priority_max=0')).toEqual(['A-1', 'U-1']);
      await app.patch('/tasks/B-4?project=p', { priority: 0 });
      expect(await found('priority_max=0')).toEqual(['A-1', 'B-4', 'U-1']);
      expect(await found('sort=priority&limit=3')).toEqual(['A-1', 'B-4', 'U-1']);
    });

    it('what an agent holds is found by its name until the claim ends', async () => {
      const { body } = await app.claim('p', 'agent-7');
      expect(await found('claimed_by=agent-7')).toEqual(['A-1']);
      expect(await found('claimed_by=agent-7&status=pending')).toEqual([]);
      await app.post('/tasks/A-1/release?project=p', { claim_token: body.claim.token });
      expect(await found('claimed_by=agent-7')).toEqual([]);
    });

    it('the order of change follows the changes', async () => {
      for (const id of ['B-5', 'A-1']) await app.patch(`/tasks/${id}?project=p`, { priority: 4 });
      expect((await found('sort=-updated')).slice(0, 2)).toEqual(['A-1', 'B-5']);
      expect((await walk('sort=updated&limit=2')).slice(-2)).toEqual(['B-5', 'A-1']);
    });

    it('a range of creation leaves out its bounds, and pages keep to it', async () => {
      await database.query(
        `update tasks set created_at = timestamptz '2026-01-01Z' + right(task_id, 1)::int * interval '1 day' where project_id = 'p'`,
      );
      await database.query(
        'update task_search set created_at = tasks.created_at from tasks where tasks.seq = task_search.seq',
      );
      const range = 'created_after=2026-01-02T00:00:00Z&created_before=2026-01-06T00:00:00Z';
      for (const narrowed of [range, `${range}&status=pending,completed,failed`]) {
        expect(await walk(`${narrowed}&limit=1`)).toEqual(['A-2', 'AB-3', 'B-4']);
        expect(await walk(`${narrowed}&limit=2&sort=-created`)).toEqual(['B-4', 'AB-3', 'A-2']);
      }
    });

    it('an edit, a deletion and a restoration are found at once', async () => {
      await app.patch('/tasks/A-1?project=p', {
        generator_name: null,
        labels: ['new'],
        description: 'Zebra',
      });
      expect(await found('generator_name=hls')).toEqual(['B-4']);
      expect(await found('label=new')).toEqual(['A-1']);
      expect(await found('q=zebra')).toEqual(['A-1']);
      await app.delete('/tasks/A-1?project=p');
      for (const query of ['label=new', 'q=zebra', 'id_prefix=A-1']) expect(await found(query)).toEqual([]);
      await app.post('/tasks/A-1/restore?project=p', {});
      for (const query of ['label=new', 'q=zebra', 'id_prefix=A-1'])
        expect(await found(query)).toEqual(['A-1']);
    });

    it('fields chooses what is shown, in the order of a task', async () => {
      const { body } = await list('fields=status,task_id&label=urgent');
      expect(JSON.stringify(body.tasks)).toBe('[{"task_id":"A-2","status":"completed"}]');
      const plain = await list('fields=labels,description&limit=1');
      expect(plain.body.tasks).toEqual([{ labels: ['docs'], description: expect.any(String) }]);
    });

    it('the brief view cuts descriptions, and says so by a sign', async () => {
      await app.add(
        'p',
        { task_id: 'L-1', description: '😀'.repeat(201) },
        { task_id: 'L-2', description: 'é'.repeat(200) },
      );
      const { body } = await list('view=brief&id_prefix=L');
      expect(Object.keys(body.tasks[0] ?? {})).toHaveLength(9);
      expect(body.tasks.map(({ description }) => description)).toEqual([
        `${'😀'.repeat(199)}…`,
        'é'.repeat(200),
      ]);
    });

    it.each([
      ['status=pending,done', /^Invalid parameter status: must be one of pending, .*, or several of them/],
      ['status=', /status/],
      ['status=pending&status=failed', /^Parameter status is given twice/],
      ['state=new', /^Invalid parameter state: must be one of ready, delayed, blocked, stuck$/],
      ['id_prefix=a%25', /^Invalid parameter id_prefix: must be the beginning of a task id/],
      ['priority_min=3&priority_max=2', /^Invalid parameter priority_max: must not be below priority_min$/],
      [
        'created_after=2026-01-02T00:00:00Z&created_before=2026-01-01T00:00:00Z',
        /created_before: must not be/,
      ],
      ['sort=relevance', /^Invalid parameter sort: must be another one without q/],
      ['fields=task_id,secret', /^Invalid parameter fields: must be fields of a task/],
      ['fields=task_id&view=brief', /^Invalid parameter view: must not be given together with fields$/],
    ])('%s is refused', async (query, error) => {
      expect(await refused(query)).toEqual([400, 'validation_error', expect.stringMatching(error)]);
    });

    it('a cursor leads on in its own list only', async () => {
      const { body } = await list('label=docs&limit=1');
      const cursor = `cursor=${body.next_cursor}`;
      expect(await found(`label=docs&limit=5&total=true&view=brief&${cursor}`)).toEqual(['A-2']);
      for (const query of [
        'limit=1',
        'label=urgent',
        'label=docs&sort=priority',
        'label=docs&status=pending',
      ])
        expect(await refused(`${query}&${cursor}`)).toEqual([
          400,
          'validation_error',
          expect.stringMatching(
            /^Invalid parameter cursor: is that of a list with another project, filter or sort/,
          ),
        ]);
      expect((await app.get(`/tasks?project=other&label=docs&${cursor}`)).status).toBe(400);
    });

    it('a cursor of an earlier version leads on where it did then', async () => {
      const [first] = await database.query<{ seq: string }>(`select seq from tasks where task_id = 'AB-3'`);
      const cursor = `cursor=${btoa(String(first?.seq)).replaceAll('=', '')}`;
      expect(await found(cursor)).toEqual(['B-4', 'B-5', 'B-6']);
      expect(await found(`status=failed&${cursor}`)).toEqual(['B-5']);
      expect((await list(`label=docs&${cursor}`)).status).toBe(400);
      expect((await list(`sort=-created&${cursor}`)).status).toBe(400);
    });
  });

  describe('by words', () => {
    beforeEach(async () => {
      await app.add(
        'p',
        {
          task_id: 'W-1',
          description: 'Retry the upload after a timeout',
          context_notes: 'See src/db/retry.ts',
        },
        { task_id: 'W-2', description: 'Timeout, timeout and again: TIMEOUT' },
        { task_id: 'W-3', description: 'Nothing of the kind' },
      );
      await app.add('other', { task_id: 'W-1', description: 'Retry the upload after a timeout' });
      await app.post('/tasks/W-3/notes?project=p', { text: 'It was the überraschend proxy' });
    });

    it.each([
      ['timeout', 'W-1 W-2'],
      ['Retry TIMEOUT', 'W-1'],
      ['retry timeo', 'W-1'],
      ['timeo retry', ''],
      ['timeout ', 'W-1 W-2'],
      ['timeo ', ''],
      [' ', ''],
      ['ti', ''],
      ['proxy', 'W-3'],
      ['ÜBERRA', 'W-3'],
      ['proxy kind', ''],
      ['src/db/retry.ts', 'W-1'],
      ['absent', ''],
      ['!!! & | ( :* <->', ''],
      [`o'br "ien' \\ :* & !`, ''],
      ['timeout:* | !nothing', ''],
      ['p', ''],
    ])('%s finds %s', async (words, ids) => {
      expect(await found(`q=${encodeURIComponent(words)}`)).toEqual(ids === '' ? [] : ids.split(' '));
    });

    it('what fits best comes first', async () => {
      expect(await walk('q=timeout&sort=relevance&limit=1')).toEqual(['W-2', 'W-1']);
    });

    it('words and other filters hold together', async () => {
      await app.patch('/tasks/W-2?project=p', { labels: ['x'] });
      expect(await found('q=timeout&label=x')).toEqual(['W-2']);
      expect(await found('q=proxy&status=completed')).toEqual([]);
    });
  });
});
