import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/http/middleware/request-log.ts';
import { type Api, UNCLAIMED } from './api.ts';
import type { DatabaseUnderTest } from './database.ts';

/** The service, wherever it runs, with the database behind it. */
export interface ServiceUnderTest {
  readonly api: Api;
  readonly database: DatabaseUnderTest;
  /** The lines of its request log so far. */
  log(): LogLine[];
}

const PROJECT = 'ai-agent-mcp-server';

interface StoredTask {
  readonly task_id: string;
  readonly project_id: string;
  readonly generator_name: string;
  readonly status: string;
  readonly inputs: string[];
  readonly expected_outputs: string[];
  readonly completed_at: string | null;
  readonly completion_notes: string | null;
  readonly recent: boolean;
}

/** The ten acceptance scenarios of US-050, told over HTTP and checked in the table itself. */
export function describeScenarios(title: string, service: () => ServiceUnderTest): void {
  const api = () => service().api;
  const stored = () =>
    service().database.query<StoredTask>(
      `select *, completed_at between now() - interval '1 minute' and now() + interval '1 minute' as recent
       from tasks order by seq`,
    );

  describe(title, () => {
    beforeEach(() => service().database.empty());
    afterEach(() => service().database.inject('none'));

    it('scenario 1: GET /tasks/next returns the next pending task with all its details', async () => {
      const task = {
        task_id: 'TASK-051',
        project_id: PROJECT,
        description: 'Generate PRD-006',
        generator_name: 'prd-generator',
        status: 'pending',
        inputs: ['EPIC-006'],
        expected_outputs: ['PRD-006'],
        context_notes: 'New session CX required',
      };
      await api().add(PROJECT, task);
      const { status, body } = await api().get(`/tasks/next?project=${PROJECT}&status=pending`);
      expect(status).toBe(200);
      expect(body).toEqual({
        success: true,
        task: {
          ...task,
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          updated_at: expect.stringMatching(/Z$/),
          completed_at: null,
          completion_notes: null,
          ...UNCLAIMED,
        },
      });
    });

    it('scenario 2: GET /tasks/next says so when there is no pending task', async () => {
      const { status, body } = await api().get(`/tasks/next?project=${PROJECT}&status=pending`);
      expect(status).toBe(200);
      expect(body).toEqual({ success: true, task: null, message: 'No pending tasks for project' });
    });

    it('scenario 3: a move completes a task that is in progress', async () => {
      await api().add(PROJECT, { task_id: 'TASK-051', status: 'in_progress' });
      const answer = await api().put('/tasks/TASK-051/status', {
        status: 'completed',
        completion_notes: 'Done',
      });
      expect(answer.status).toBe(200);
      expect(answer.body.updated_task).toMatchObject({
        task_id: 'TASK-051',
        status: 'completed',
        completion_notes: 'Done',
        completed_at: expect.stringMatching(/Z$/),
      });
      expect(await stored()).toMatchObject([{ status: 'completed', completion_notes: 'Done', recent: true }]);
    });

    it('scenario 4: a move of a completed task back to pending is refused', async () => {
      await api().add(PROJECT, { task_id: 'TASK-051', status: 'completed' });
      const before = await stored();
      const answer = await api().put('/tasks/TASK-051/status', { status: 'pending' });
      expect(answer.status).toBe(400);
      expect(answer.body.error).toBe('Invalid status transition: completed → pending');
      expect(await stored()).toEqual(before);
    });

    it('scenario 5: GET /tasks lists the tasks of a project and status with their count', async () => {
      await api().add(
        PROJECT,
        { task_id: 'TASK-1', status: 'completed' },
        { task_id: 'TASK-2', status: 'pending' },
        { task_id: 'TASK-3', status: 'completed' },
        { task_id: 'TASK-4', status: 'pending' },
        { task_id: 'TASK-5', status: 'completed' },
      );
      const { status, body } = await api().get(`/tasks?project=${PROJECT}&status=completed`);
      expect(status).toBe(200);
      expect(body.count).toBe(3);
      expect(body.tasks.map((task) => task.task_id)).toEqual(['TASK-1', 'TASK-3', 'TASK-5']);
    });

    it('scenario 6: a batch of sub-artifact tasks is added', async () => {
      const numbers = ['006', '007', '008', '009', '010', '011'];
      const tasks = numbers.map((number, index) => ({
        task_id: `TASK-0${46 + index}`,
        project_id: PROJECT,
        description: `Generate HLS-${number}`,
        generator_name: 'hls-generator',
        status: 'pending',
        inputs: ['PRD-006'],
        expected_outputs: [`HLS-${number}`],
        context_notes: '',
      }));
      const { status, body } = await api().post('/tasks/batch', { tasks });
      const task_ids = tasks.map((task) => task.task_id);
      expect(status).toBe(200);
      expect(body).toEqual({ success: true, tasks_added: 6, task_ids });
      expect(await stored()).toMatchObject(tasks);
    });

    it('scenario 7: a project sees only its own tasks', async () => {
      await api().add('project-beta', 'TASK-1');
      await api().add('project-alpha', 'TASK-2');
      const { body } = await api().get('/tasks/next?project=project-alpha');
      expect(body.task).toMatchObject({ task_id: 'TASK-2', project_id: 'project-alpha' });
      const list = await api().get('/tasks?project=project-alpha');
      expect(list.body.tasks.map((task) => task.project_id)).toEqual(['project-alpha']);
    });

    it('scenario 8: a request without its project is refused', async () => {
      const { status, body } = await api().get('/tasks/next');
      expect(status).toBe(400);
      expect(body.error).toBe('Missing required parameter: project');
    });

    it('scenario 9: a request that no retry helps gets "Database unavailable" and a full log line', async () => {
      await service().database.inject('refused');
      const { status, body } = await api().get(`/tasks/next?project=${PROJECT}`);
      expect(status).toBe(500);
      expect(body).toEqual({
        success: false,
        error: 'Database unavailable',
        code: 'database_unavailable',
        request_id: body.request_id,
      });
      const line = service()
        .log()
        .find(({ request_id }) => request_id === body.request_id);
      expect(line).toMatchObject({
        level: 'ERROR',
        status: 500,
        error: { stack: expect.stringContaining('    at '), cause: { stack: expect.any(String) } },
      });
    });

    it('scenario 10: 100 requests at once all get a valid answer', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => `TASK-${index + 1}`);
      await api().add(PROJECT, ...ids);
      const answers = await Promise.all(ids.map(() => api().get(`/tasks/next?project=${PROJECT}`)));
      expect(answers.map((answer) => answer.status)).toEqual(ids.map(() => 200));
      expect(new Set(answers.map((answer) => answer.body.task?.task_id))).toEqual(new Set(['TASK-1']));
    });
  });
}
