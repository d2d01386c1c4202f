import fc, { type Arbitrary } from 'fast-check';
import type { Api } from './api.ts';

/** Something that somebody asks of a project; what the service refuses changes nothing. */
export type Step = (api: Api, project: string) => Promise<unknown>;

const TASKS = Array.from({ length: 8 }, (_, index) => `TASK-${index + 1}`);
const NAMES = ['SPEC-001', 'SPEC-002', 'US-7'];
const AGENTS = ['one', 'two'];
const STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'];
const MADE = { result: { done: true }, artifacts: [{ name: 'SPEC-001', uri: 'https://example.com/a' }] };

const task = fc.constantFrom(...TASKS);
const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 });
const priority = fc.integer({ min: 0, max: 4 });
const need = fc.record({
  task_id: task,
  when: fc.constantFrom('completed', 'ended', 'failed'),
  group: fc.constantFrom(null, 'any'),
  on_failure: fc.constantFrom('block', 'cancel', 'ignore'),
});

/** Steps that a report of a failure shows by their name and what was drawn for them. */
function step<T>(
  name: string,
  drawn: Arbitrary<T>,
  run: (given: T, api: Api, project: string) => Promise<unknown>,
): Arbitrary<Step> {
  return drawn.map((given) =>
    Object.assign((api: Api, project: string) => run(given, api, project), {
      [fc.toStringMethod]: () => `${name} ${JSON.stringify(given)}`,
    }),
  );
}

const adding = step(
  'add',
  fc.array(
    fc.record({
      task_id: task,
      description: fc.constantFrom('Do it', 'é\n"日"', '\u{1f600}'),
      inputs: names,
      expected_outputs: names,
      priority,
      labels: fc.subarray(['a', 'b']),
      metadata: fc.constantFrom({}, { source: 'test', list: [1, null] }),
      max_attempts: fc.integer({ min: 1, max: 3 }),
      needs: fc.uniqueArray(need, { maxLength: 2, selector: ({ task_id }) => task_id }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  (tasks, api, project) => api.post('/tasks/batch', { project_id: project, tasks }),
);

const moving = step(
  'move',
  fc.record({ id: task, status: fc.constantFrom(...STATUSES), reset: fc.boolean(), force: fc.boolean() }),
  ({ id, status, reset, force }, api, project) =>
    api.move(project, id, { status, ...(status === 'pending' && reset ? { reset, force } : {}) }),
);

const working = step(
  'work',
  fc.record({
    agent: fc.constantFrom(...AGENTS),
    end: fc.constantFrom('completed', 'failed', 'released', 'none'),
    progress: fc.boolean(),
  }),
  async ({ agent, end, progress }, api, project) => {
    const { task: claimed, claim } = (await api.claim(project, agent, { capacity: 2 })).body;
    if (claimed === null || claimed === undefined) return;
    const address = `/tasks/${claimed.task_id}`;
    const { token: claim_token } = claim;
    const report = { claim_token, progress: { percent: 40 }, checkpoint: { chapter: 3 } };
    if (progress) await api.post(`${address}/heartbeat?project=${project}`, report);
    if (end === 'released') await api.post(`${address}/release?project=${project}`, { claim_token });
    if (end === 'completed') await api.move(project, claimed.task_id, { status: end, claim_token, ...MADE });
    if (end === 'failed') {
      const failure = { error: 'It broke', delay_seconds: 0 };
      await api.move(project, claimed.task_id, { status: end, claim_token, ...failure });
    }
  },
);

const changing = [
  step(
    'edit',
    fc.record({ id: task, edit: fc.record({ priority, inputs: names, expected_outputs: names }) }),
    ({ id, edit }, api, project) => api.patch(`/tasks/${id}?project=${project}`, edit),
  ),
  step('note', task, (id, api, project) =>
    api.post(`/tasks/${id}/notes?project=${project}`, { text: `About ${id}`, agent_id: 'one' }),
  ),
  step('put need', fc.tuple(task, need), ([id, { task_id, ...terms }], api, project) =>
    api.put(`/tasks/${id}/needs/${task_id}?project=${project}`, terms),
  ),
  step('delete need', fc.tuple(task, task), ([id, other], api, project) =>
    api.delete(`/tasks/${id}/needs/${other}?project=${project}`),
  ),
];

const ofProject = [
  step(
    'put project',
    fc.record({
      readiness: fc.constantFrom('declared', 'inputs'),
      task_id_prefix: fc.constantFrom('TASK', 'WORK'),
      artifact_types: fc.constantFrom([], ['RFC']),
    }),
    (settings, api, project) => api.put(`/projects/${project}`, settings),
  ),
  step('provide', fc.constantFrom(...NAMES), (name, api, project) =>
    api.put(`/artifacts/${name}?project=${project}`, { uri: `https://example.com/${name}` }),
  ),
  step('next id', fc.constant('US'), (type, api, project) => api.post('/ids/next', { type, project })),
];

const removing = (restores: boolean) =>
  step(
    'delete',
    fc.record({ id: task, purge: fc.boolean(), restored: restores ? fc.boolean() : fc.constant(false) }),
    async ({ id, purge, restored }, api, project) => {
      await api.delete(`/tasks/${id}?project=${project}${purge ? '&purge=true' : ''}`);
      if (restored) await api.post(`/tasks/${id}/restore?project=${project}`, {});
    },
  );

/** What agents and people do in a project, one after another. */
export const histories = (most: number, { restores = true } = {}): Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { arbitrary: adding, weight: 4 },
      { arbitrary: working, weight: 5 },
      { arbitrary: moving, weight: 3 },
      { arbitrary: fc.oneof(...changing), weight: 5 },
      { arbitrary: fc.oneof(...ofProject), weight: 1 },
      { arbitrary: removing(restores), weight: 1 },
    ),
    { minLength: most / 2, maxLength: most },
  );
