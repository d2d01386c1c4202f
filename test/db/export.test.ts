import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TRANSFER_LIMITS } from '../../src/domain/transfer.ts';
import { runsOf } from '../model/parameters.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { histories } from '../support/random-history.ts';
import {
  contentOf,
  exportAnswer,
  exportOf,
  exportWhile,
  importAll,
  type Line,
  orderOf,
} from '../support/transfer.ts';

const MINUTES = 900_000;
const WAITING_FOR_LOCK = `
  select
  from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;
const MANY_TASKS = `
  insert into tasks (task_id, project_id, description)
  select 'TASK-' || n, 'p', 'Do it' from generate_series(3, $1::int) as n`;
const SCOPES = ['read'] as const;
const { keys, access } = keysFor({
  reader: { projects: ['p'], scopes: SCOPES },
  writer: { projects: ['p'], scopes: ['write', 'admin'] },
});

describe.each(DRIVERS)('an export over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const tasksIn = (lines: readonly Line[]) => lines.filter(({ kind }) => kind === 'task');
  const cursors = (lines: readonly Line[]) =>
    lines.flatMap(({ cursor }) => (cursor === undefined ? [] : [cursor]));

  it(
    'an export during which the project changes is the project at the end of the export',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories(20), histories(30, { restores: false }), async (before, during) => {
          await database.empty();
          for (const step of before) await step(app, 'p');
          const left = [...during];
          const lines = await exportWhile(app, 'p', async () => {
            // All are done before the last page is read, which is the eighth at least.
            for (const step of left.splice(0, 5)) await step(app, 'p');
          });
          expect(lines.at(-1)?.kind).toBe('end');
          const state = contentOf(await exportOf(app, 'p'));
          expect(contentOf(lines)).toEqual(state);
          await importAll(app, 'to', lines);
          expect(contentOf(await exportOf(app, 'to'))).toEqual(state);
        }),
        { ...runsOf(inject('form').transfers), endOnFailure: true },
      );
    },
    MINUTES,
  );

  it('a change whose transaction is open while others are told is told afterwards', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    let open: Promise<unknown> | undefined;
    const { answer: lines } = await database.whileLocked('TASK-2', 2, async () => {
      // It takes its turn first, so the transaction has its id while it waits for the task.
      open = app.put('/tasks/TASK-2/needs/TASK-1?project=p', {});
      while ((await database.query(WAITING_FOR_LOCK)).length === 0);
      let pages = 0;
      return exportWhile(app, 'p', async () => {
        pages += 1;
        if (pages === 7) await database.query(MANY_TASKS, [TRANSFER_LIMITS.changesPerPage + 50]);
        if (pages !== 8) return;
        // The second to wait ends the lock.
        await app.move('p', 'TASK-2', { status: 'failed' });
        await open;
      });
    });
    expect(contentOf(lines)).toEqual(contentOf(await exportOf(app, 'p')));
    const needs = [expect.objectContaining({ task_id: 'TASK-1' })];
    expect(contentOf(lines)).toContainEqual(expect.objectContaining({ task_id: 'TASK-2', needs }));
  });

  it('more changes than a page has are told until one page has seen all that is left', async () => {
    const tasks = TRANSFER_LIMITS.changesPerPage + 50;
    await app.add('p', 'TASK-1', 'TASK-2');
    let pages = 0;
    const lines = await exportWhile(app, 'p', async () => {
      pages += 1;
      if (pages === 7) await database.query(MANY_TASKS, [tasks]);
      // Between the pages of the first round, on both sides of the place that it has come to.
      if (pages === 8) {
        await app.move('p', 'TASK-2', { status: 'completed' });
        await app.move('p', `TASK-${tasks}`, { status: 'failed' });
      }
    });
    expect(pages).toBeGreaterThan(9);
    expect(contentOf(lines)).toEqual(contentOf(await exportOf(app, 'p')));
    expect(lines.at(-1)?.kind).toBe('end');
  });

  it('a cursor of another project is refused, for the rest would not be all of either', async () => {
    await app.add('p', 'TASK-1');
    await app.add('other', 'TASK-1');
    for (const cursor of cursors(await exportOf(app, 'p'))) {
      const { status, body } = await app.get(
        `/export?project=other&cursor=${encodeURIComponent(String(cursor))}`,
      );
      expect([status, body.error]).toEqual([400, expect.stringContaining('export of another project')]);
    }
  });

  it('each cursor of an answer leads on from there, and the first task comes first', async () => {
    await app.add('p', ...Array.from({ length: 5 }, (_, index) => `TASK-${index + 1}`));
    await app.post('/tasks/TASK-3/notes?project=p', { text: 'Noted' });
    await database.settleLog();
    const whole = await exportOf(app, 'p');
    expect(orderOf(whole)).toEqual(['TASK-1', 'TASK-2', 'TASK-3', 'TASK-4', 'TASK-5']);
    for (const cursor of cursors(whole)) {
      const rest = await exportAnswer(app, 'p', cursor);
      const at = whole.findIndex((line) => line['cursor'] === cursor);
      const content = contentOf([...whole.slice(0, at), ...rest]);
      expect(content).toEqual(contentOf(whole));
    }
  });

  it('an answer has so many pages at most, and the next one goes on', async () => {
    const tasks = (TRANSFER_LIMITS.pagesPerAnswer - 4) * TRANSFER_LIMITS.linesPerPage;
    await database.query(
      `insert into tasks (task_id, project_id, description, version)
       select 'TASK-' || n, 'p', 'Do it', 1 from generate_series(1, $1::int) as n`,
      [tasks],
    );
    const first = await exportAnswer(app, 'p');
    expect(cursors(first)).toHaveLength(TRANSFER_LIMITS.pagesPerAnswer);
    expect(first.at(-1)?.kind).toBe('cursor');
    expect(tasksIn(first).length).toBeLessThan(tasks + 1);
    expect(orderOf(await exportOf(app, 'p'))).toHaveLength(tasks);
  });

  it('a page of long texts ends early, and none of its tasks is left out', async () => {
    await database.query(
      `insert into tasks (task_id, project_id, description, version, metadata)
       select 'TASK-' || n, 'p', repeat('x', 10000), 1, jsonb_build_object('long', repeat('y', 4000))
       from generate_series(1, 200) as n`,
    );
    const lines = await exportOf(app, 'p');
    expect(tasksIn(lines)).toHaveLength(200);
    const sizes = cursors(lines).length;
    expect(sizes).toBeGreaterThan(8);
  });

  it('a claimed task is told as if it had been released, and a deleted one not at all', async () => {
    await app.add('p', 'TASK-1', 'TASK-2');
    await app.claim('p', 'agent');
    await app.delete('/tasks/TASK-2?project=p');
    await database.settleLog();
    const [task, ...more] = tasksIn(await exportOf(app, 'p'));
    expect(task).toMatchObject({ task_id: 'TASK-1', status: 'pending', attempt: 0, started_at: null });
    expect(more).toEqual([]);
    expect(JSON.stringify(task)).not.toContain('agent');
  });

  it('a task that is deleted during the export is told as gone', async () => {
    await app.add('p', 'TASK-1', { task_id: 'TASK-2', needs: ['TASK-1'] });
    let pages = 0;
    const lines = await exportWhile(app, 'p', async () => {
      pages += 1;
      if (pages === 4) await app.delete('/tasks/TASK-1?project=p');
    });
    expect(lines).toContainEqual({ kind: 'gone', task_id: 'TASK-1', version: 2, status: 'pending' });
    await importAll(app, 'to', lines);
    expect((await app.get('/tasks/TASK-1?project=to')).status).toBe(404);
    expect((await app.get('/tasks/TASK-2?project=to')).body.task).toMatchObject({ stuck_needs: 1 });
  });

  it('a project that has nothing is exported as its settings', async () => {
    const kinds = (await exportOf(app, 'nothing')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'cursor')).toEqual(['project', 'project', 'end']);
  });

  it('a cursor of a log that has been restored, or lost events since, is refused', async () => {
    await app.add('p', 'TASK-1');
    const cursor = cursors(await exportOf(app, 'p')).at(-1);
    await database.query('update log_state set epoch = gen_random_uuid()');
    const { status, body } = await app.get(`/export?project=p&cursor=${String(cursor)}`);
    expect([status, body.code]).toEqual([410, 'cursor_expired']);
    const odd = await app.get('/export?project=p&cursor=odd');
    expect([odd.status, odd.body.error]).toEqual([
      400,
      'Invalid parameter cursor: must be the cursor of a line of an earlier answer, unchanged; leave it out to start over',
    ]);
  });

  it('an export needs the scope read and the project', async () => {
    const guarded = appUnderTest({ driver, connectionString: database[driver], access });
    const reader = withCredential(guarded, keys.reader);
    expect(await exportAnswer(reader, 'p')).not.toEqual([]);
    expect((await reader.get('/export?project=other')).status).toBe(403);
    const writer = withCredential(guarded, keys.writer);
    expect((await writer.get('/export?project=p')).body.code).toBe('insufficient_scope');
  });
});
