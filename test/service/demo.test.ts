import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';
import { runScript } from '../support/run-script.ts';

describe('npm run demo', () => {
  let service: RunningService;
  let database: DatabaseUnderTest;
  let folder: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await temporaryFolder('demo');
    service = await npmStart(['--port', String(await freePort()), '--data-dir', folder], {
      DATABASE_URL: database.url,
    });
  });
  afterAll(async () => {
    service.signalGroup('SIGTERM');
    await service.exited;
  });

  const demo = (...args: string[]) => runScript('demo', args);

  it('works through the sample list', async () => {
    const { status, output } = await demo('--url', service.url, '--project', 'sample');
    expect(status).toBe(0);
    expect(output).toContain('TASK-002  pending → in_progress → completed');
    expect(output).toMatch(/tasks worked through │ +6 │\n.*tasks still pending +│ +0 │/);
    expect(
      await database.query(`select status, count(*) from tasks where project_id = 'sample' group by 1`),
    ).toEqual([{ status: 'completed', count: '7' }]);
  });

  it('works through a list of more tasks than one batch takes, in its order', async () => {
    const ids = Array.from({ length: 510 }, (_, index) => `TASK-${index + 1}`);
    const file = path.join(folder, 'list.json');
    const tasks = ids.map((task_id) => ({ task_id, project_id: 'ignored', description: `Do ${task_id}` }));
    await writeFile(file, JSON.stringify({ tasks }));
    const { status, output } = await demo(file, '--url', service.url, '--project', 'long');
    expect(status).toBe(0);
    expect(output).toMatch(/tasks worked through │ +510 │/);
    const worked = await database.query<{ task_id: string }>(
      `select task_id from tasks where project_id = 'long' and status = 'completed' order by completed_at, seq`,
    );
    expect(worked.map((row) => row.task_id)).toEqual(ids);
  });

  it.each([
    ['a list that is not there', ['nowhere.json'], 'nowhere.json cannot be read'],
    ['a file without tasks', ['package.json'], 'must hold {"tasks": [...]}'],
    ['a file that is not JSON', ['README.md'], 'must hold {"tasks": [...]}'],
    [
      'a service that is not there',
      ['--url', 'http://127.0.0.1:1'],
      'No service answers on http://127.0.0.1:1',
    ],
    ['an option that is not there', ['--projekt', 'p'], 'npm run demo -- [PATH]'],
  ])('says what is wrong with %s', async (_, args, sentence) => {
    const { status, output } = await demo(...args);
    expect(status).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('passes on what the service refuses', async () => {
    const { status, output } = await demo('--url', service.url, '--project', 'not valid');
    expect(status).toBe(1);
    expect(output).toContain('Invalid field tasks[0].project_id');
  });
});
