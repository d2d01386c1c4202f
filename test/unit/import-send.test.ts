import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import type { ListedTask } from '../../scripts/import/listed-task.ts';
import { prepare } from '../../scripts/import/prepare.ts';
import { lookAt, type ProjectTasks, UNKNOWN_PROJECT } from '../../scripts/import/project-tasks.ts';
import { type Added, send } from '../../scripts/import/send.ts';
import { answer, fakeService, refuse } from '../support/fake-service.ts';

const listed = (id: string, description: string, ...needs: string[]): ListedTask => ({
  id,
  description,
  status: 'pending',
  needs: needs.map((need) => ({ id: need })),
  notes: [],
  remarks: [],
});

const identity = (task_id: string) => ({ project_id: 'p', task_id });
const taken = (existing: string[], deleted: string[]) =>
  refuse(409, 'task_exists', {}, { existing: existing.map(identity), deleted: deleted.map(identity) });
const added = (...task_ids: string[]) => answer({ success: true, tasks_added: task_ids.length, task_ids });
const held = (task_id: string, description: string) =>
  answer({ success: true, task: { task_id, description } });

type Replies = Parameters<typeof fakeService>;

const serviceThat = (...replies: Replies) => {
  const { fetch, seen } = fakeService(...replies);
  return { client: createClient({ baseUrl: 'http://service', fetch, retries: 0 }), seen };
};

const sendThrough = async (renumber: boolean, tasks: ListedTask[], ...replies: Replies) => {
  const { client, seen } = serviceThat(...replies);
  const all: Added = new Map();
  const prepareFor = (known: ProjectTasks, before: Added) =>
    prepare({ tasks, leftOut: [] }, { project: 'p', renumber, prefix: 'TASK' }, known, before);
  const prepared = await send({ client, project: 'p', prepareFor }, UNKNOWN_PROJECT, all);
  return { prepared, ids: [...all.values()], bodies: seen.map(({ body }) => body) };
};

describe('sending a list', () => {
  const TASKS = [listed('A-1', 'a'), listed('A-2', 'b'), listed('A-3', 'c', 'A-2', 'A-1')];
  const REPLIES: Replies = [() => taken(['A-1'], ['A-2']), () => held('A-1', 'a')];

  it('ids that turn out to be taken are told, and the rest is added', async () => {
    const { prepared, ids, bodies } = await sendThrough(false, TASKS, ...REPLIES, () => added('A-3'));
    expect(ids).toEqual(['A-3']);
    expect(prepared.there).toMatchObject([{ task_id: 'A-1' }]);
    expect(prepared.leftOut).toEqual([expect.stringContaining('A-2 is the id of a deleted task')]);
    expect(bodies.at(-1)).toMatchObject({ tasks: [{ task_id: 'A-3', needs: [{ task_id: 'A-1' }] }] });
  });

  it('ids that turn out to be taken are renumbered on request, and needs follow', async () => {
    const { ids, bodies } = await sendThrough(true, TASKS, ...REPLIES, () => added('A-004', 'A-3'));
    expect(ids).toEqual(['A-004', 'A-3']);
    expect(bodies.at(-1)).toMatchObject({
      tasks: [
        { task_id: 'A-004', description: 'b' },
        { task_id: 'A-3', needs: [{ task_id: 'A-004' }, { task_id: 'A-1' }] },
      ],
    });
  });

  it('what was added before a refusal keeps its id and is not sent again', async () => {
    const tasks = Array.from({ length: 501 }, (_, index) => listed(`A-${index + 1}`, `${index}`));
    const first = tasks.slice(0, 500).map(({ id }) => id);
    const { ids, bodies } = await sendThrough(
      true,
      tasks,
      () => added(...first),
      () => taken([], ['A-501']),
      () => added('A-502'),
    );
    expect(ids).toHaveLength(501);
    expect(bodies.at(-1)).toMatchObject({ tasks: [{ task_id: 'A-502' }] });
  });

  it('another refusal ends it', async () => {
    await expect(sendThrough(false, TASKS, () => refuse(409, 'need_cycle'))).rejects.toThrow('need_cycle');
  });
});

describe('looking at a project', () => {
  const page = (tasks: object[], next_cursor: string | null = null) =>
    answer({ success: true, tasks, count: tasks.length, next_cursor });

  it('is asked for what the ids of a prefix have in common, a page at a time', async () => {
    const { client, seen } = serviceThat(
      () => page([{ task_id: 'TODO-051', description: 'a' }], 'next'),
      () => page([{ task_id: 'TODO-059', description: 'other' }]),
      () => page([]),
    );
    const ids = ['TODO-051', 'TODO-052', 'TODO-HLS-1', 'no id'];
    const found = await lookAt(client, { project: 'p', ids, renumber: false, prefix: 'TASK' });
    expect([...found.tasks]).toEqual([['TODO-051', { description: 'a' }]]);
    expect(seen.map(({ path }) => new URL(path, 'http://service').searchParams.get('id_prefix'))).toEqual([
      'TODO-05',
      'TODO-05',
      'TODO-HLS-1',
    ]);
  });
});
