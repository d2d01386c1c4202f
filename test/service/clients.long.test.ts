import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../client/index.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const run = promisify(execFile);
/** In the package, whose own names resolve there, and ignored by git. */
const FOLDER = path.join(ROOT, 'client/dist/snippets');
const DOCUMENTED_URL = 'http://localhost:8080';

/** A Python that has a module, if this machine has one. */
const pythonWith = (module: string) =>
  ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${module}`]).status === 0,
  );

const GENERATED_CLIENT_IN_USE = `
import sys
from client import ApiError, ClaimRequest, Client, MoveRequest
client = Client(sys.argv[1])
claimed = client.claim_task(ClaimRequest(project_id="demo", agent_id="agent-9"), idempotency_key="key-of-python")
move = MoveRequest(status="completed", claim_token=claimed.claim.token, completion_notes="Done")
print(client.update_task_status(claimed.task.task_id, move, project="demo").updated_task.status)
try:
    client.get_task("NONE-1", project="demo")
except ApiError as error:
    print(error.body["code"])
`;

let test: TestService;
let client: Client;

beforeAll(async () => {
  await run('npm', ['run', '-s', 'build:client'], { cwd: ROOT });
  await mkdir(FOLDER, { recursive: true });
  test = await startTestService();
  client = createClient({ baseUrl: test.service.url });
});
afterAll(async () => {
  await test.stop();
  await rm(FOLDER, { recursive: true });
});

/** The snippets of a page in a language, for the test's own service. */
async function snippetsOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(path.join(ROOT, page), 'utf8');
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'));
  return [...found].map(([, code = '']) => code.replaceAll(DOCUMENTED_URL, test.service.url));
}

async function runSnippet(program: string, code: string, name: string, ...args: string[]): Promise<string> {
  const file = path.join(FOLDER, name);
  await writeFile(file, code);
  // A key would be none of this service's.
  const { stdout } = await run(program, [file, ...args], { env: { ...process.env, API_KEY: '' } });
  return stdout;
}

const addTask = (task_id: string) =>
  client.addTasks({ tasks: [{ task_id, project_id: 'demo', description: 'Write the release notes' }] });

const completedNotes = async (task_id: string) => {
  const { task } = await client.getTask({ task_id, project: 'demo' });
  expect(task.status).toBe('completed');
  return task.completion_notes;
};

describe('the package of the client', () => {
  it('publint and are-the-types-wrong find nothing wrong with it', async () => {
    const { stdout } = await run(process.execPath, ['scripts/check-client.ts'], { cwd: ROOT });
    expect(stdout).toContain('The package of the client is in order');
  });
});

describe('the snippets of the documentation', () => {
  it('the snippets of the client add, list, catch and work', async () => {
    const [adding = '', catching = '', working = ''] = await snippetsOf('client/README.md', 'ts');
    expect(await runSnippet(process.execPath, adding, 'adding.ts')).toBe('TASK-1 pending\n');
    expect(await runSnippet(process.execPath, catching, 'catching.ts')).toMatch(/^task_not_found 404 /);
    await runSnippet(process.execPath, working, 'working.ts');
    expect(await completedNotes('TASK-1')).toBe('Write the release notes: 200');
  });

  it('the worker on the page about clients works, and the reader of the events sees it', async () => {
    await addTask('TASK-2');
    const [working = '', following = ''] = await snippetsOf('docs/clients.md', 'ts');
    await runSnippet(process.execPath, working, 'clients.ts');
    expect(await completedNotes('TASK-2')).toBe('Did Write the release notes');
    const seen = await runSnippet(process.execPath, following, 'events.ts');
    expect(seen).toMatch(/pending in_progress \S+\n(?:.*\n)*TASK-\d in_progress completed \S+\n$/);
  });

  it('the snippet about lists tries again what failed, takes a deletion back and takes ids', async () => {
    await addTask('TASK-5');
    const address = { task_id: 'TASK-5', project: 'demo' };
    await client.updateTaskStatus({ ...address, status: 'in_progress' });
    await client.updateTaskStatus({ ...address, status: 'failed', error: 'An outage' });
    const [, , managing = ''] = await snippetsOf('docs/clients.md', 'ts');
    const printed = await runSnippet(process.execPath, managing, 'managing.ts');
    expect(printed).toMatch(/^1 \[\]\nDRAFT-1 20\S+Z\nPRD-001 PRD-002\n$/);
    expect((await client.getTask(address)).task.status).toBe('pending');
    await client.updateTaskStatus({ ...address, status: 'cancelled' });
    await client.updateTaskStatus({ task_id: 'DRAFT-1', project: 'demo', status: 'cancelled' });
  });

  const withRequests = pythonWith('requests');
  it.skipIf(withRequests === undefined)('the lines of Python work through a project', async () => {
    await addTask('TASK-3');
    const [lines = ''] = await snippetsOf('docs/clients.md', 'python');
    await runSnippet(withRequests ?? '', lines, 'lines.py');
    expect(await completedNotes('TASK-3')).toBe('Done');
  });

  it('the example on the page about the graph does what its comments say', async () => {
    const [example = ''] = await snippetsOf('docs/graph.md', 'sh');
    const printed = await runSnippet('bash', example, 'graph.sh');
    expect(printed).toContain('"ready":1,"stuck":0,"failed":0,"blocked":2');
    expect(printed).toContain('It waits for DOC-2, which is pending');
    expect(printed).toContain('"context":{"needs":[{"kind":"task","need":"DOC-1"');
    expect(printed).toContain('https://example.com/draft');
    expect(printed).toContain('Cancelled because it needs DOC-2, which was cancelled');
  });
});

describe('a client that a public generator makes of the description', () => {
  const withHttpx = pythonWith('httpx');
  it.skipIf(withHttpx === undefined)(
    'a generated Python client claims, completes and hears refusals',
    async () => {
      await addTask('TASK-4');
      const args = ['generate-client', 'src/rest/assets/openapi.json', '--generator', 'python'];
      const output = ['--output', path.join(FOLDER, 'client.ts')];
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
      await run(path.join(ROOT, 'node_modules/.bin/redocly'), [...args, ...output], { cwd: ROOT, env });
      const printed = await runSnippet(
        withHttpx ?? '',
        GENERATED_CLIENT_IN_USE,
        'in-use.py',
        test.service.url,
      );
      expect(printed).toBe('completed\ntask_not_found\n');
    },
  );
});
