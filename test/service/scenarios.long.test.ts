import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { answersIn, converse } from '../fuzz/raw/connection.ts';
import { type Api, apiOver } from '../support/api.ts';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';
import { describeScenarios } from '../support/scenarios.ts';

let service: RunningService;
let database: DatabaseUnderTest;
let api: Api;

beforeAll(async () => {
  database = await openTestDatabase();
  const port = await freePort();
  const dataDir = await temporaryFolder('service');
  service = await npmStart(['--port', String(port), '--data-dir', dataDir], {
    DATABASE_URL: database.hyperdrive,
    CORS_ORIGINS: 'https://agents.example',
  });
  api = apiOver((path, init) => fetch(`${service.url}${path}`, init));
});
afterAll(async () => {
  service.signalGroup('SIGTERM');
  await service.exited;
});

describeScenarios('US-050 over HTTP against the production build', () => ({
  api,
  database,
  log: () => service.log(),
}));

describe('the production build', () => {
  it('the production build takes its variables from the environment', async () => {
    const headers = { origin: 'https://agents.example' };
    const answer = await api.get('/openapi.json', { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://agents.example');
  });

  it.each(['GET', 'POST'])('a %s whose Host is no host name is refused', async (method) => {
    const lines = [
      `${method} /tasks/claim HTTP/1.1`,
      'Host: %',
      'Content-Type: application/json',
      'Content-Length: 2',
      'Idempotency-Key: key-1',
    ];
    const { port } = new URL(service.url);
    const bytes = await converse(Number(port), [...lines, '', '{}'].join('\r\n'), false);
    const [answer] = answersIn(bytes, [method]);
    expect(answer?.status).toBe(400);
    expect(JSON.parse(answer?.text ?? '')).toMatchObject({
      code: 'validation_error',
      error: 'The header Host is no host name. Send the name and port of the service',
    });
  });

  it('a public linter accepts the description', async () => {
    const folder = await temporaryFolder('openapi');
    const file = path.join(folder, 'openapi.json');
    await writeFile(file, JSON.stringify((await api.get('/openapi.json')).body));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const args = ['lint', '--extends', 'recommended', '--format', 'json', file];
    const lint = spawnSync(path.join(ROOT, 'node_modules/.bin/redocly'), args, {
      env,
      cwd: folder,
      encoding: 'utf8',
    });
    expect(lint.stderr + lint.stdout).toContain('"errors": 0');
    expect(lint.status).toBe(0);
  });
});
