import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

describe('npm run demo', () => {
  let target: TestService;

  beforeAll(async () => {
    target = await startTestService();
  });
  afterAll(() => target.stop());

  const demo = (...args: string[]) => runScript('demo', args);

  it('the demo works through a list that exceeds one batch, in its order', async () => {
    const ids = Array.from({ length: 510 }, (_, index) => `TASK-${index + 1}`);
    const file = path.join(target.folder, 'list.json');
    const tasks = ids.map((task_id) => ({ task_id, project_id: 'ignored', description: `Do ${task_id}` }));
    await writeFile(file, JSON.stringify({ tasks }));
    const { status, output } = await demo(file, '--url', target.service.url, '--project', 'long');
    expect(status).toBe(0);
    expect(output).toMatch(/tasks worked through │ +510 │/);
    const worked = await target.database.query<{ task_id: string }>(
      `select task_id from tasks where project_id = 'long' and status = 'completed' order by completed_at, seq`,
    );
    expect(worked.map((row) => row.task_id)).toEqual(ids);
  });
});
