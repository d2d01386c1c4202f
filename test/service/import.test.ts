import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const LIST = `- [x] **TODO-1**: Write it
- [ ] **TODO-2**: Review it
  - Depends on: TODO-1
- [ ] **TODO-2**: Deploy it
`;

describe('npm run import', () => {
  let target: TestService;
  let file: string;

  beforeAll(async () => {
    target = await startTestService();
    file = path.join(target.folder, 'todo.md');
    await writeFile(file, LIST);
  });
  afterAll(() => target.stop());

  const bringIn = (...args: string[]) =>
    runScript('import', [file, '--from', 'todo-md', '--project', 'p', '--url', target.service.url, ...args]);
  const post = async (to: string, body: object) => {
    const answer = await fetch(`${target.service.url}${to}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  };
  const stored = () =>
    target.database.query(
      `select task_id, description, status, unmet_needs from tasks where project_id = 'p' order by task_id`,
    );

  it('a list is tried, added, and passed over when it comes again', async () => {
    const tried = await bringIn('--dry-run');
    expect(tried).toMatchObject({ status: 1, output: expect.stringContaining('Nothing was added') });
    expect(await stored()).toEqual([]);

    const added = await bringIn();
    expect(added.status).toBe(1);
    expect(added.output).toContain('Left out: TODO-2 comes twice for different work');
    expect(added.output).toContain('Added 2 of 2 to p; 0 there already');

    const again = await bringIn('--renumber');
    expect(again).toMatchObject({
      status: 0,
      output: expect.stringContaining('Added 1 of 3 to p; 2 there already'),
    });
    expect(await stored()).toEqual([
      { task_id: 'TODO-003', description: 'Deploy it', status: 'pending', unmet_needs: 0 },
      { task_id: 'TODO-1', description: 'Write it', status: 'completed', unmet_needs: 0 },
      { task_id: 'TODO-2', description: 'Review it', status: 'pending', unmet_needs: 0 },
    ]);
  });

  it('a list that was renumbered is passed over when it comes again', async () => {
    const tried = await bringIn('--renumber', '--dry-run');
    expect(tried.output).toContain('TODO-2  was there already, as TODO-003');
    expect(await bringIn('--renumber')).toMatchObject({
      status: 0,
      output: expect.stringContaining('Added 0 of 3 to p; 3 there already'),
    });
  });

  it('other work, and ids that are taken, are left out or renumbered', async () => {
    const project = 'taken';
    const add = (...tasks: object[]) => post('/tasks/batch', { project_id: project, tasks });
    await add(
      { task_id: 'TODO-1', description: 'Something else' },
      { task_id: 'TODO-2', description: 'Review it' },
      { task_id: 'TODO-003', description: 'Taken' },
    );
    await fetch(`${target.service.url}/tasks/TODO-2?project=${project}`, { method: 'DELETE' });
    await post('/ids/reserve', { type: 'TASK', count: 5, project_id: project });
    await writeFile(file, `${LIST}- [ ] **todo_x-9z**: Read it\n  - Depends on: TODO-1\n`);
    const into = (...args: string[]) => bringIn('--project', project, ...args);

    const tried = await into('--dry-run');
    expect(tried.status).toBe(1);
    expect(tried.output).toContain('Deleted here before: TODO-2. One that was not purged');
    expect(tried.output).toContain(
      'Left out: TODO-1 is the id of another task in the project, "Something else"',
    );

    const added = await into();
    expect(added.status).toBe(1);
    expect(added.output).toContain('Left out: TODO-2 is the id of a deleted task: restore or purge that one');
    expect(added.output).toContain('Added 0 of 0 to taken; 0 there already');

    const again = await into('--renumber');
    expect(again).toMatchObject({ status: 0, output: expect.stringContaining('Added 4 of 4 to taken') });
    expect(
      await target.database.query(
        `select task_id, description from tasks where project_id = 'taken' and task_id <> 'TODO-1' order by seq`,
      ),
    ).toEqual([
      { task_id: 'TODO-003', description: 'Taken' },
      { task_id: 'TODO-004', description: 'Write it' },
      { task_id: 'TODO-005', description: 'Review it' },
      { task_id: 'TODO-006', description: 'Deploy it' },
      { task_id: 'TASK-006', description: 'Read it' },
    ]);
    const repeated = await into('--renumber');
    expect(repeated).toMatchObject({ status: 0, output: expect.stringContaining('4 there already') });
  });

  it('tasks without an id get the next ones of the project', async () => {
    const lines = [
      '{"description":"first","metadata":{"big":9007199254740993}}',
      '{"task_id":"TASK-7","description":"named"}',
    ];
    const jsonl = path.join(target.folder, 'tasks.jsonl');
    await writeFile(jsonl, lines.join('\n'));
    const added = await runScript('import', [
      jsonl,
      ...['--from', 'jsonl', '--project', 'unnamed', '--url', target.service.url],
    ]);
    expect(added).toMatchObject({ status: 0, output: expect.stringContaining('Added 2 of 2 to unnamed') });
    expect(added.output).toContain('an import that is repeated adds them again');
    expect(
      await target.database.query(
        `select task_id, metadata from tasks where project_id = 'unnamed' order by seq`,
      ),
    ).toEqual([
      { task_id: 'TASK-7', metadata: {} },
      { task_id: 'TASK-008', metadata: { big: '9007199254740993' } },
    ]);
  });

  it('a dry run without a service says that it did not ask', async () => {
    const tried = await runScript('import', [
      file,
      ...['--from', 'todo-md', '--project', 'p', '--dry-run', '--url', 'http://127.0.0.1:1'],
    ]);
    expect(tried.output).toContain(
      'The project was not looked at, so ids may be taken. No service answers on',
    );
    expect(tried.output).toContain('Nothing was added');
  });

  it('an export is written to a file, tried and taken in', async () => {
    const to = ['--url', target.service.url];
    const out = path.join(target.folder, 'p.ndjson');
    const exported = await runScript('export', [out, '--project', 'p', ...to]);
    expect(exported).toMatchObject({ status: 0, output: expect.stringContaining('lines of p in') });
    const whole = await readFile(out, 'utf8');
    const nowhere = await runScript('export', [out, '--project', 'p', '--url', 'http://127.0.0.1:1']);
    expect([nowhere.status, await readFile(out, 'utf8')]).toEqual([1, whole]);
    expect((await readdir(target.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    const takeIn = (...args: string[]) =>
      runScript('import', [out, '--from', 'ndjson', '--project', 'q', ...to, ...args]);
    const tried = await takeIn('--dry-run');
    expect(tried).toMatchObject({ status: 0, output: expect.stringContaining('nothing was changed') });
    expect(await takeIn()).toMatchObject({ status: 0, output: expect.stringContaining('0 skipped') });
    const [{ tasks } = { tasks: 0 }] = await target.database.query<{ tasks: number }>(
      `select count(*)::int as tasks from tasks where project_id = 'q'`,
    );
    expect(tasks).toBe((await stored()).length);
    await writeFile(out, '{"kind": "ids", "prefix": "US", "last_number": 1}\n');
    const cut = await takeIn();
    expect([cut.status, cut.output]).toEqual([1, expect.stringContaining('has no line end')]);
  });

  it('import says what is wrong with a kind of list that it cannot read', async () => {
    const { status, output } = await runScript('import', [file, '--from', 'jira', '--project', 'p']);
    expect(status).toBe(1);
    expect(output).toContain('--from must be one of todo-md, task-master, beads, jsonl');
  });
});
