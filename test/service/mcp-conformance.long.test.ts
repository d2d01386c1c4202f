import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { startTestService, type TestService } from '../support/test-service.ts';
import { INAPPLICABLE } from './mcp-inapplicable.ts';

const SUITE = path.join(ROOT, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const INAPPLICABLE_IDS = new Set(Object.values(INAPPLICABLE).flat());

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Every check of the scenarios that a revision requires. */
async function checksOf(url: string, revision: string): Promise<Check[]> {
  const folder = await temporaryFolder('conformance');
  const args = ['server', '--url', url, '--requirements', revision, '--output-dir', folder];
  const suite = spawn(process.execPath, [SUITE, ...args], { stdio: 'ignore' });
  await new Promise((resolve) => suite.once('close', resolve));
  const scenarios = await readdir(folder);
  const checks = await Promise.all(
    scenarios.map(async (name) => {
      // The suite writes one such file for each scenario.
      return JSON.parse(await readFile(path.join(folder, name, 'checks.json'), 'utf8')) as Check[];
    }),
  );
  await rm(folder, { recursive: true });
  return checks.flat();
}

describe('the conformance suite of MCP', () => {
  let tested: TestService;
  beforeAll(async () => {
    tested = await startTestService();
  });
  afterAll(() => tested.stop());

  it('every check of both revisions that applies passes, and those that do not are named', async () => {
    const url = `${tested.service.url}/mcp`;
    const checks = [...(await checksOf(url, '2026-07-28')), ...(await checksOf(url, '2025-11-25'))];
    const failed = checks.filter(({ status }) => status === 'FAILURE');
    expect(failed.filter(({ id }) => !INAPPLICABLE_IDS.has(id))).toEqual([]);
    expect(new Set(failed.map(({ id }) => id))).toEqual(INAPPLICABLE_IDS);
    expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(100);
  }, 240_000);
});
