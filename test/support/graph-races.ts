import { expect } from 'vitest';
import { newTask } from './api.ts';
import type { AppUnderTest } from './app.ts';

/** Two requests or more that meet, in a project of their own, and what must be true after them. */
export interface GraphRace {
  readonly name: string;
  readonly seed: (app: AppUnderTest, project: string) => Promise<void>;
  readonly meet: (app: AppUnderTest, project: string) => Promise<unknown>[];
  readonly after: (
    app: AppUnderTest,
    project: string,
    answers: readonly { readonly status: number }[],
  ) => Promise<void>;
}

const running = { status: 'in_progress' };
const complete = (app: AppUnderTest, project: string, id: string) =>
  app.move(project, id, { status: 'completed' });
const putNeed = (app: AppUnderTest, project: string, id: string, need: string) =>
  app.put(`/tasks/${id}/needs/${need}?project=${project}`, {});
const taskOf = async (app: AppUnderTest, project: string, id: string) =>
  (await app.get(`/tasks/${id}?project=${project}`)).body.task;

/** Each with a way to lose a change, an edge or a refusal. */
export const GRAPH_RACES: readonly GraphRace[] = [
  {
    name: 'two parents that end at once make their child ready',
    seed: (app, project) =>
      app.add(
        project,
        { task_id: 'P-1', ...running },
        { task_id: 'P-2', ...running },
        { task_id: 'C-1', needs: ['P-1', 'P-2'] },
      ),
    meet: (app, project) => [complete(app, project, 'P-1'), complete(app, project, 'P-2')],
    after: async (app, project) => {
      expect((await app.claim(project, 'a')).body.task?.task_id).toBe('C-1');
    },
  },
  {
    name: 'two parents of one group that end at once count once',
    seed: (app, project) => {
      const needs = ['P-1', 'P-2'].map((task_id) => ({ task_id, group: 'any' }));
      return app.add(
        project,
        { task_id: 'P-1', ...running },
        { task_id: 'P-2', ...running },
        { task_id: 'P-3', ...running },
        { task_id: 'C-1', needs: [...needs, 'P-3'] },
      );
    },
    meet: (app, project) => [complete(app, project, 'P-1'), complete(app, project, 'P-2')],
    after: async (app, project) => {
      expect(await taskOf(app, project, 'C-1')).toMatchObject({ unmet_needs: 1 });
    },
  },
  {
    name: 'a need that is set while the other task ends is met',
    seed: (app, project) => app.add(project, { task_id: 'P-1', ...running }, 'C-1'),
    meet: (app, project) => [putNeed(app, project, 'C-1', 'P-1'), complete(app, project, 'P-1')],
    after: async (app, project, answers) => {
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await taskOf(app, project, 'C-1')).toMatchObject({ unmet_needs: 0, stuck_needs: 0 });
    },
  },
  {
    name: 'a task that is added while what it needs fails is stuck',
    seed: (app, project) => app.add(project, { task_id: 'P-1', ...running }),
    meet: (app, project) => [
      app.add(project, { task_id: 'C-1', needs: ['P-1'] }).then(() => ({ status: 200 })),
      app.move(project, 'P-1', { status: 'failed' }),
    ],
    after: async (app, project) => {
      expect(await taskOf(app, project, 'C-1')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    },
  },
  {
    name: 'of two needs that close a cycle together, one is refused',
    seed: (app, project) => app.add(project, 'A-1', 'B-1'),
    meet: (app, project) => [putNeed(app, project, 'A-1', 'B-1'), putNeed(app, project, 'B-1', 'A-1')],
    after: async (_app, _project, answers) => {
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    },
  },
  {
    name: 'a parent that is reset while its child is claimed leaves no child that looks ready',
    seed: (app, project) =>
      app.add(project, { task_id: 'P-1', status: 'completed' }, { task_id: 'C-1', needs: ['P-1'] }),
    meet: (app, project) => [
      app.move(project, 'P-1', { status: 'pending', reset: true }),
      app.claim(project, 'a'),
    ],
    after: async (app, project) => {
      const child = await taskOf(app, project, 'C-1');
      expect(child).toMatchObject({ unmet_needs: 1, stale: child?.status === 'in_progress' });
    },
  },
  {
    name: 'a producer and a consumer that are added at once find each other',
    seed: async (app, project) => {
      await app.put(`/projects/${project}`, { readiness: 'inputs' });
    },
    meet: (app, project) => [
      app.add(project, { task_id: 'P-1', expected_outputs: ['A'] }),
      app.add(project, { task_id: 'C-1', inputs: ['A'] }),
    ],
    after: async (app, project) => {
      const { body } = await app.get(`/tasks/C-1?project=${project}&include=needs`);
      expect(body).toMatchObject({ task: { unmet_needs: 1 }, needs: [{ need: 'A', task_id: 'P-1' }] });
    },
  },
  {
    name: 'of two producers that are added at once, one is refused',
    seed: async (app, project) => {
      await app.put(`/projects/${project}`, { readiness: 'inputs' });
    },
    meet: (app, project) =>
      ['P-1', 'P-2'].map((task_id) =>
        app.post('/tasks/batch', { tasks: [newTask(project, { task_id, expected_outputs: ['A'] })] }),
      ),
    after: async (_app, _project, answers) => {
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    },
  },
  {
    name: 'a task that is added while inputs begin to count waits for its input',
    seed: (app, project) => app.add(project, { task_id: 'P-1', expected_outputs: ['A'] }),
    meet: (app, project) => [
      app.put(`/projects/${project}`, { readiness: 'inputs' }),
      app.add(project, { task_id: 'C-1', inputs: ['A'] }),
    ],
    after: async (app, project) => {
      expect(await taskOf(app, project, 'C-1')).toMatchObject({ unmet_needs: 1 });
    },
  },
  {
    name: 'a child that is cancelled while its parents end does not keep them',
    seed: (app, project) =>
      app.add(
        project,
        { task_id: 'P-1', ...running },
        { task_id: 'C-2', needs: ['P-1'] },
        { task_id: 'C-1', needs: ['P-1', 'C-2'] },
      ),
    meet: (app, project) => [
      complete(app, project, 'P-1'),
      app.move(project, 'C-2', { status: 'cancelled' }),
    ],
    after: async (app, project, answers) => {
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await taskOf(app, project, 'C-1')).toMatchObject({ unmet_needs: 1, stuck_needs: 1 });
    },
  },
];

/** How many rounds are under way at once: fewer than the gateway has connections, or they would meet at its pool only. */
const AT_ONCE = 8;

/** Runs a race so many times, each in a project of its own. */
export async function runRace(app: AppUnderTest, race: GraphRace, rounds: number): Promise<void> {
  const left = Array.from({ length: rounds }, () => crypto.randomUUID()).values();
  const lane = async () => {
    for (const project of left) {
      await race.seed(app, project);
      const answers = await Promise.all(race.meet(app, project));
      // Every request of a race answers with a status, or stands for one that was answered 200.
      await race.after(app, project, answers as { status: number }[]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
