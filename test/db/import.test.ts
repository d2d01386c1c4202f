import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE_LINES } from '../../src/contract/examples.ts';
import { TRANSFER_LIMITS } from '../../src/domain/transfer.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { look } from '../support/feed.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { contentOf, exportOf, importAll, importLines } from '../support/transfer.ts';

const [TASK, NOTE] = EXAMPLE_LINES;
const AT = '2025-10-18T10:00:00.000Z';
const ENDED = { status: 'completed', completed_at: AT };

const task = (task_id: string, more: object = {}) => ({
  ...TASK,
  task_id,
  inputs: [],
  expected_outputs: [],
  needs: [],
  ...more,
});
const needing = (...ids: string[]) => ({
  needs: ids.map((task_id) => ({
    task_id,
    when: 'completed',
    group: null,
    on_failure: 'block',
    state: null,
  })),
});
const gone = (task_id: string, version: number, status = 'pending') => ({
  kind: 'gone',
  task_id,
  version,
  status,
});
const event = (version: number, more: object = {}) => ({
  ...{
    kind: 'event',
    task_id: 'TASK-1',
    version,
    at: AT,
    type: 'added',
    from_status: null,
    to_status: 'pending',
  },
  ...{ caller: 'elsewhere', agent_id: null, attempt: 0, data: null, ...more },
});

const { keys, access } = keysFor({
  admin: { projects: ['p'], scopes: ['admin'] },
  writer: { projects: ['p'], scopes: ['read', 'write'] },
});

describe.each(DRIVERS)('an import over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const send = (lines: readonly unknown[], more: object = {}) => importLines(app, 'p', lines, more);
  const results = async (...lines: unknown[]) => {
    const { body } = await send(lines, { dry_run: true });
    const told = body.results.map(({ result, reason }) =>
      reason === null ? result : `${result}: ${reason}`,
    );
    await send(lines);
    return told;
  };
  const found = async (id: string) => (await app.get(`/tasks/${id}?project=p`)).body.task;
  const claimed = async () => (await app.claim('p', crypto.randomUUID())).body.task?.task_id;

  it('a dry run tells of each line what would become of it, and changes nothing', async () => {
    await send([task('TASK-1')]);
    const before = contentOf(await exportOf(app, 'p'));
    const lines = [
      task('TASK-1'),
      task('TASK-2'),
      task('TASK-1', { revision: 3 }),
      { ...NOTE, task_id: 'TASK-9' },
    ];
    const { status, body } = await send(lines, { dry_run: true });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { line: 0, result: 'unchanged', reason: null },
      { line: 1, result: 'added', reason: null },
      { line: 2, result: 'replaced', reason: null },
      { line: 3, result: 'skipped', reason: 'no_task' },
    ]);
    expect(body.counts).toEqual({ added: 1, replaced: 1, removed: 0, unchanged: 1, skipped: 1 });
    expect(contentOf(await exportOf(app, 'p'))).toEqual(before);
    expect((await send(lines)).body).toMatchObject({ counts: body.counts, results: [body.results[3]] });
  });

  it('a higher revision replaces a task, and of one revision a higher version; a lower one is skipped', async () => {
    expect(await results(task('TASK-1', { revision: 2, version: 5 }))).toEqual(['added']);
    expect(await results(task('TASK-1', { revision: 1, version: 9 }))).toEqual(['skipped: newer']);
    expect(await results(task('TASK-1', { revision: 2, version: 4 }))).toEqual(['skipped: newer']);
    expect(await results(task('TASK-1', { revision: 2, version: 5 }))).toEqual(['unchanged']);
    expect(await results(task('TASK-1', { revision: 2, version: 6, ...ENDED }))).toEqual(['replaced']);
    expect(await results(task('TASK-1', { revision: 3, version: 6, description: 'Again' }))).toEqual([
      'replaced',
    ]);
    expect(await found('TASK-1')).toMatchObject({ revision: 3, status: 'pending', description: 'Again' });
  });

  it('a task that comes before what it needs waits until that has come and ended', async () => {
    await send([task('TASK-1', needing('TASK-2', 'TASK-3'))]);
    expect(await claimed()).toBeUndefined();
    const { body } = await app.get('/tasks/TASK-1/explain?project=p');
    expect(JSON.stringify(body)).toContain('It waits for TASK-2, which is not there yet');
    await send([task('TASK-2', ENDED)]);
    expect(await found('TASK-1')).toMatchObject({ unmet_needs: 1, status: 'pending' });
    await send([task('TASK-3', { priority: 4 })]);
    expect(await found('TASK-3')).toMatchObject({ priority: 4, effective_priority: 2 });
    expect(await claimed()).toBe('TASK-3');
    await app.move('p', 'TASK-3', { status: 'completed' });
    await send([task('TASK-3', { revision: 2, ...ENDED })]);
    expect(await claimed()).toBe('TASK-1');
  });

  it('a replaced task has the needs of the new line, and who waits for it is judged anew', async () => {
    await send([task('TASK-1'), task('TASK-2', needing('TASK-1')), task('TASK-3', needing('TASK-2'))]);
    await send([task('TASK-1', { revision: 2, ...ENDED })]);
    expect(await found('TASK-2')).toMatchObject({ unmet_needs: 0 });
    await send([task('TASK-2', { revision: 2, status: 'failed', ...needing('TASK-4') })]);
    expect(await found('TASK-3')).toMatchObject({ stuck_needs: 1 });
    await send([task('TASK-2', { revision: 3, ...needing() })]);
    expect(await found('TASK-2')).toMatchObject({ unmet_needs: 0 });
    expect(await found('TASK-3')).toMatchObject({ unmet_needs: 1, stuck_needs: 0 });
  });

  it('a claim on a task that is replaced ends', async () => {
    await send([task('TASK-1')]);
    const { claim } = (await app.claim('p', 'agent')).body;
    await send([task('TASK-1', { revision: 2 })]);
    const { status, body } = await app.post('/tasks/TASK-1/heartbeat?project=p', {
      claim_token: claim.token,
    });
    expect([status, body.code]).toEqual([409, 'claim_lost']);
    expect(await claimed()).toBe('TASK-1');
  });

  it('a task that is gone is removed unless it is newer here, and by its last status others are judged', async () => {
    await send([task('TASK-1'), task('TASK-2', needing('TASK-1')), task('TASK-3', { version: 7 })]);
    expect(await results(gone('TASK-1', 9, 'completed'), gone('TASK-3', 6), gone('TASK-4', 1))).toEqual([
      'removed',
      'skipped: newer',
      'unchanged',
    ]);
    expect(await found('TASK-1')).toBeUndefined();
    expect(await claimed()).toBe('TASK-2');
    expect(
      await results(task('TASK-5'), gone('TASK-5', 3), task('TASK-5', { description: 'Another' })),
    ).toEqual(['added', 'removed', 'added']);
    expect(await found('TASK-5')).toMatchObject({ description: 'Another' });
  });

  it('an import brings no task back that is deleted here', async () => {
    await send([task('TASK-1')]);
    await app.delete('/tasks/TASK-1?project=p');
    expect(await results(task('TASK-1', { revision: 9 }))).toEqual(['skipped: deleted']);
  });

  it('history, notes and attempts come once each, and the feed tells the import alone', async () => {
    const attempt = {
      kind: 'attempt',
      task_id: 'TASK-1',
      agent_id: 'a',
      attempt: 1,
      began_at: AT,
      ended_at: AT,
    };
    const note = { ...NOTE, task_id: 'TASK-1' };
    const lines = [
      ...[event(1), event(2, { type: 'moved', from_status: 'pending', to_status: 'failed' }), task('TASK-1')],
      ...[note, note, { ...attempt, outcome: 'failed', error: 'x', progress: null, usage: null }],
    ];
    expect(await results(...lines)).toEqual(['added', 'added', 'added', 'added', 'unchanged', 'added']);
    expect(new Set(await results(...lines))).toEqual(new Set(['unchanged']));
    const { body } = await app.get('/tasks/TASK-1/history?project=p&order=oldest');
    const history = body as unknown as { readonly events: { readonly type: string }[] };
    expect(history.events.map(({ type }) => type)).toEqual(['added', 'moved', 'imported']);
    expect((await app.get('/tasks/TASK-1/notes?project=p')).body.count).toBe(1);
    expect(await found('TASK-1')).toMatchObject({ note_count: 1 });
    await database.settleLog();
    expect((await look(app, 'p')).events.map(({ type }) => type)).toEqual(['imported']);
  });

  it('the figures count what was imported, and nothing of its history', async () => {
    await send([event(1), event(2, { type: 'moved', from_status: 'pending', to_status: 'failed' })]);
    await send([task('TASK-1'), task('TASK-2', ENDED)]);
    await send([task('TASK-1', { revision: 2, status: 'cancelled' }), gone('TASK-2', 9, 'failed')]);
    const text = await (await app.send('/metrics')).text();
    const figures = text.split('\n').filter((line) => /^task_tracker_tasks\{.*\} [^0]/.test(line));
    expect(figures).toEqual(['task_tracker_tasks{project="p",status="cancelled"} 1']);
  });

  it('numbers that were given out elsewhere are not given out here', async () => {
    await send([{ kind: 'ids', prefix: 'US', last_number: 70 }]);
    expect((await app.post('/ids/next', { type: 'US', project: 'p' })).body.next_id).toBe('US-071');
  });

  it('settings come along, and inputs count where they say so', async () => {
    await app.put('/projects/from', { readiness: 'inputs', task_id_prefix: 'WORK' });
    await app.add(
      'from',
      { task_id: 'A-1', expected_outputs: ['SPEC'] },
      { task_id: 'A-2', inputs: ['SPEC', 'X'] },
      { task_id: 'A-3', inputs: ['X'] },
    );
    await app.put('/artifacts/X?project=from', {});
    const lines = await exportOf(app, 'from');
    await importAll(app, 'p', lines, 2);
    // What an import connects and settles is no change of a task.
    expect(contentOf(await exportOf(app, 'p'))).toEqual(contentOf(lines));
    expect(await found('A-2')).toMatchObject({ unmet_needs: 1 });
    await app.move('p', 'A-1', { status: 'in_progress' });
    await app.move('p', 'A-1', { status: 'completed' });
    expect([await claimed(), await claimed()]).toEqual(['A-2', 'A-3']);
  });

  it('a need that closes a circle refuses the whole import', async () => {
    await send([task('TASK-1', needing('TASK-2'))]);
    const { status, body } = await send([task('TASK-3'), task('TASK-2', needing('TASK-1'))]);
    expect([status, body]).toMatchObject([409, { code: 'need_cycle' }]);
    expect(await found('TASK-3')).toBeUndefined();
  });

  it('two imports of the same lines at once add each task once', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => task(`TASK-${index + 1}`));
    const answers = await Promise.all([send(lines), send(lines), send([...lines].reverse())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.reduce((sum, { body }) => sum + body.counts.added, 0)).toBe(20);
  });

  it('what a line has wrong is told with its place', async () => {
    const wrong = async (...lines: unknown[]) => {
      const { status, body } = await send(lines);
      expect(status).toBe(400);
      return (body as unknown as { readonly error: string }).error;
    };
    expect(await wrong(task('TASK-1'), { kind: 'tasks' })).toContain(
      'Invalid field lines[1]: must be an object whose kind',
    );
    expect(await wrong(task('TASK-1', { project_id: 'other' }))).toContain(
      'lines[0]: Unknown field: project_id',
    );
    expect(await wrong(task('TASK-1', ENDED), task('TASK-2', { completed_at: AT }))).toContain(
      'lines[1].completed_at',
    );
    expect(await wrong(task('TASK-1', { attempt: 4 }))).toContain(
      'lines[0].attempt: must be at most max_attempts',
    );
    expect(await wrong({ ...NOTE, text: undefined })).toContain('Missing required field: lines[0].text');
    expect(await wrong(task('TASK-1', needing('TASK-2', 'TASK-2')))).toContain('lines[0].needs');
    expect(await wrong(...Array.from({ length: TRANSFER_LIMITS.linesPerImport + 1 }, () => 1))).toContain(
      '500 lines',
    );
    await app.put('/projects/p', {});
    const [settings] = await exportOf(app, 'p');
    for (const cursor of ['\ud83d', 'a\u0000']) {
      expect(await wrong({ kind: 'cursor', cursor })).toContain('lines[0].cursor: must not contain');
      expect(await wrong({ ...settings, events_after: cursor })).toContain(
        'lines[0].events_after: must not contain',
      );
    }
    const twice = JSON.stringify({ project_id: 'p', lines: [task('TASK-1')] }).replace(
      '"kind":',
      '"kind":"note","kind":',
    );
    const { body } = await app.post('/import', twice);
    expect(body.error).toBe('Field lines[0].kind is given twice: give it once');
  });

  it('an import needs the scope admin and the project', async () => {
    const guarded = appUnderTest({ driver, connectionString: database[driver], access });
    const writer = withCredential(guarded, keys.writer);
    expect((await importLines(writer, 'p', [task('TASK-1')])).status).toBe(403);
    const admin = withCredential(guarded, keys.admin);
    expect((await importLines(admin, 'other', [task('TASK-1')])).status).toBe(403);
    expect((await importLines(admin, 'p', [task('TASK-1')])).status).toBe(200);
  });
});
