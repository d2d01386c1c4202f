import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GRAPH_LIMITS } from '../../src/domain/graph.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { keysFor, withCredential } from '../support/credentials.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';

/** What an answer has of the graph. */
interface GraphBody {
  readonly tasks: { readonly task_id: string }[];
  readonly needs: { readonly task_id: string; readonly parent: string; readonly state: string }[];
  readonly is_whole: boolean;
}

describe.each(DRIVERS)('the graph over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());

  const graph = async (query: string): Promise<GraphBody> =>
    (await app.get(`/graph?project=p${query}`)).body as unknown as GraphBody;
  const idsIn = ({ tasks }: GraphBody) => tasks.map(({ task_id }) => task_id).sort();

  /** A chain of five, and one that stands alone. */
  const addChain = () =>
    app.add(
      'p',
      'TASK-1',
      ...[2, 3, 4, 5].map((n) => ({ task_id: `TASK-${n}`, needs: [`TASK-${n - 1}`] })),
      'TASK-9',
    );

  it('the graph of a project has the tasks that need or are needed, and the needs between them', async () => {
    await addChain();
    await app.move('p', 'TASK-1', { status: 'in_progress' });
    await app.move('p', 'TASK-1', { status: 'completed' });
    const whole = await graph('');
    expect(idsIn(whole)).toEqual(['TASK-1', 'TASK-2', 'TASK-3', 'TASK-4', 'TASK-5']);
    expect(whole.is_whole).toBe(true);
    expect(whole.needs[0]).toEqual({
      task_id: 'TASK-2',
      kind: 'task',
      need: 'TASK-1',
      parent: 'TASK-1',
      state: 'met',
    });
    expect(whole.needs.slice(1).map(({ parent, state }) => [parent, state])).toEqual([
      ['TASK-2', 'waiting'],
      ['TASK-3', 'waiting'],
      ['TASK-4', 'waiting'],
    ]);
  });

  it('what lies around a task is found in both directions, as far as the depth goes', async () => {
    await addChain();
    expect(idsIn(await graph('&task=TASK-3&depth=1'))).toEqual(['TASK-2', 'TASK-3', 'TASK-4']);
    expect(idsIn(await graph('&task=TASK-3'))).toEqual(['TASK-1', 'TASK-2', 'TASK-3', 'TASK-4', 'TASK-5']);
    expect(idsIn(await graph('&task=TASK-1&depth=2'))).toEqual(['TASK-1', 'TASK-2', 'TASK-3']);
    expect(idsIn(await graph('&task=TASK-9'))).toEqual(['TASK-9']);
  });

  it('an input that another task makes is a need with its artifact', async () => {
    await app.put('/projects/p', { readiness: 'inputs' });
    await app.add(
      'p',
      { task_id: 'TASK-1', expected_outputs: ['a.md'] },
      { task_id: 'TASK-2', inputs: ['a.md'] },
    );
    expect((await graph('')).needs).toEqual([
      { task_id: 'TASK-2', kind: 'artifact', need: 'a.md', parent: 'TASK-1', state: 'waiting' },
    ]);
  });

  it('a task that does not exist is said to be missing, and a project without needs has an empty graph', async () => {
    await app.add('p', 'TASK-1');
    expect((await app.get('/graph?project=p&task=TASK-2')).body).toMatchObject({ code: 'task_not_found' });
    expect(await graph('')).toMatchObject({ tasks: [], needs: [], is_whole: true });
  });

  it('a graph beyond the bound is cut and says so', async () => {
    const needing = Array.from({ length: GRAPH_LIMITS.graphTasks }, (_, index) => ({
      task_id: `TASK-${index + 2}`,
      needs: ['TASK-1'],
    }));
    await app.add('p', 'TASK-1', ...needing.slice(0, 400));
    await app.add('p', ...needing.slice(400));
    for (const query of ['', '&task=TASK-1', '&task=TASK-2']) {
      const cut = await graph(query);
      expect([cut.tasks.length, cut.is_whole]).toEqual([GRAPH_LIMITS.graphTasks, false]);
    }
  });

  it('a task of the same id in another project lends the graph nothing', async () => {
    await addChain();
    await app.add('q', 'TASK-1', { task_id: 'TASK-7', needs: ['TASK-1'] });
    expect(idsIn(await graph(''))).not.toContain('TASK-7');
    expect(idsIn(await graph('&task=TASK-1'))).not.toContain('TASK-7');
    const { keys, access } = keysFor({ other: { projects: ['q'], scopes: ['read'] } });
    const other = withCredential(
      appUnderTest({ driver, connectionString: database[driver], access }),
      keys.other,
    );
    expect((await other.get('/graph?project=p')).body).toMatchObject({ code: 'project_forbidden' });
  });
});
