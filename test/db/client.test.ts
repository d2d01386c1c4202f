import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, type ClientOptions, createClient, type ExportLine } from '../../client/index.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { clientOf } from '../support/typed-client.ts';

const PROJECT = 'p';
const task = (number: number) => ({
  task_id: `TASK-${number}`,
  project_id: PROJECT,
  description: `Do number ${number}`,
});
const ONE = { task_id: 'TASK-1', project: PROJECT };

describe('the client over the service', () => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;
  let client: Client;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver: 'neon', connectionString: database.neon });
    client = clientOf(app);
  });
  beforeEach(() => database.empty());

  it('every operation is answered', async () => {
    expect(await client.addTasks({ tasks: [task(1), { ...task(2), priority: 4 }] })).toMatchObject({
      tasks_added: 2,
      task_ids: ['TASK-1', 'TASK-2'],
    });
    expect((await client.getNextTask({ project: PROJECT })).task?.task_id).toBe('TASK-1');
    const { claim } = await client.claimTask({ project_id: PROJECT, agent_id: 'a' });
    const own = { ...ONE, claim_token: claim?.token ?? '' };
    expect((await client.heartbeatClaim(own)).claim?.token).toBe(own.claim_token);
    expect((await client.releaseClaim({ ...own, notes: 'for you' })).released_task.status).toBe('pending');
    const moved = await client.updateTaskStatus({ ...ONE, status: 'cancelled' });
    expect(moved.updated_task).toMatchObject({ status: 'cancelled', completion_notes: 'for you' });
    expect((await client.getTask(ONE)).task).toEqual(moved.updated_task);
    expect((await client.listTasks({ project: PROJECT, status: 'cancelled' })).count).toBe(1);
    expect((await client.deleteTask(ONE)).deleted_task.task_id).toBe('TASK-1');
    expect(await client.getMetrics()).toContain('# HELP');
    expect((await client.getHealth()).status).toBe('healthy');
    expect((await client.getReadiness()).status).toBe('healthy');
  });

  it('a project goes out line by line, and comes in again in as many requests as that takes', async () => {
    const tasks = Array.from({ length: 500 }, (_, index) => task(index + 1));
    await client.addTasks({ tasks });
    const lines: ExportLine[] = [];
    for await (const line of client.exportLines({ project: PROJECT })) lines.push(line);
    expect(lines.at(-1)?.kind).toBe('end');
    const dry = await client.importAll({ project_id: 'q', dry_run: true }, lines);
    expect(dry.results.map(({ line }) => line)).toEqual(lines.map((_, index) => index));
    const { counts } = await client.importAll({ project_id: 'q' }, lines);
    expect(counts.added).toBe(tasks.length * 2);
    expect((await client.listTasks({ project: 'q' })).count).toBe(tasks.length);
    const cursor = lines.find((line) => line.kind === 'cursor')?.cursor ?? '';
    const rest = client.exportLines({ project: PROJECT, cursor });
    expect((await rest.next()).value).toEqual(lines[2]);
  });

  it('a refusal has what the service says', async () => {
    await client.addTasks({ tasks: [task(1)] });
    await client.claimTask({ project_id: PROJECT, agent_id: 'a' });
    await expect(client.updateTaskStatus({ ...ONE, status: 'completed' })).rejects.toMatchObject({
      code: 'claimed_by_other',
      status: 409,
      details: { holder: { agent_id: 'a' } },
      hint: expect.stringContaining('claim'),
      requestId: expect.stringMatching(/./),
    });
  });

  it('a field that the service does not know is refused by name', async () => {
    // The type forbids it; JavaScript does not.
    const query = { project: PROJECT, colour: 'red' } as { project: string };
    await expect(client.listTasks(query)).rejects.toMatchObject({
      code: 'validation_error',
      message: expect.stringContaining('colour'),
    });
  });

  it('a walk over the tasks sees all of them in the order of their creation', async () => {
    await client.addTasks({ tasks: [5, 4, 3, 2, 1].map(task) });
    const ids = [];
    for await (const { task_id } of client.tasks({ project: PROJECT, limit: 2 })) ids.push(task_id);
    expect(ids).toEqual(['TASK-5', 'TASK-4', 'TASK-3', 'TASK-2', 'TASK-1']);
  });

  it('a walk over the events sees each change of a task', async () => {
    await client.addTasks({ tasks: [1, 2].map(task) });
    await client.deleteTask({ task_id: 'TASK-1', project: PROJECT });
    const seen = [];
    for await (const { task_id, type } of client.events({ project: PROJECT, limit: 2 })) {
      seen.push(`${task_id} ${type}`);
      if (type === 'deleted') break;
    }
    expect(seen).toEqual(['TASK-1 added', 'TASK-2 added', 'TASK-1 deleted']);
  });

  describe('a write whose first answer is lost', () => {
    /** Lets the request through, and loses the answer to the first. */
    const forgetful = (): Client => {
      let isFirst = true;
      const fetch: ClientOptions['fetch'] = async (url, init) => {
        const { pathname, search } = new URL(url);
        const response = await app.send(pathname + search, init);
        if (!isFirst) return response;
        isFirst = false;
        throw new TypeError('The connection was cut');
      };
      const atOnce = {
        now: () => 0,
        after: (milliseconds: number, run: () => void) => later(milliseconds, run),
      };
      return createClient({ baseUrl: 'http://service.test', fetch, clock: atOnce });
    };
    /** Pauses pass at once, timeouts never. */
    const later = (milliseconds: number, run: () => void) => {
      if (milliseconds < 1_000) queueMicrotask(run);
      return () => undefined;
    };

    it('a batch is added once', async () => {
      expect((await forgetful().addTasks({ tasks: [task(1)] })).tasks_added).toBe(1);
      expect(await database.query('select task_id from tasks')).toHaveLength(1);
    });

    it('a claim gives one task, even to an agent with room for more', async () => {
      await client.addTasks({ tasks: [task(1), task(2)] });
      const { task: given } = await forgetful().claimTask({
        project_id: PROJECT,
        agent_id: 'a',
        capacity: 5,
      });
      expect(given?.task_id).toBe('TASK-1');
      expect((await client.listTasks({ project: PROJECT, status: 'in_progress' })).count).toBe(1);
    });
  });
});
