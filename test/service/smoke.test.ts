import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processCases } from '../support/process-cases.ts';
import { smoke, smokeWith, tasksLeft } from '../support/smoke-run.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let target: TestService;

beforeAll(async () => {
  target = await startTestService({ LOG_LEVEL: 'error' });
});
afterAll(() => target.stop());

const linesIn = (output: string) => output.split('\n').filter((line) => /^(ok|FAIL) /.test(line));

describe('npm run smoke', () => {
  it('the smoke test passes on a service that works, and leaves nothing behind', async () => {
    const { status, output } = await smoke([target.service.url, '--insecure']);
    expect(linesIn(output)).toEqual([
      expect.stringMatching(/^ok {4}health: healthy, version \S+$/),
      'ok    authentication: skipped, because --insecure says that the service lets everybody in',
      'ok    write then read: each of 50 moves was seen by the read after it',
      'ok    transition race: one of 20 movers won',
      'ok    clean-up: 2 tasks deleted',
    ]);
    expect(status).toBe(0);
    expect(await tasksLeft(target)).toEqual([]);
  });

  it('the smoke test fails where a cache answers reads, and cleans up', async () => {
    const { status, output } = await smokeWith(target, 'caches_reads');
    expect(status).toBe(1);
    expect(output).toMatch(
      /^FAIL {2}write then read: the read after move 2 of 50 does not see it.*Hyperdrive/m,
    );
    expect(output).toContain('ok    transition race');
    expect(output).toContain('ok    clean-up: 2 tasks deleted');
    expect(await tasksLeft(target)).toEqual([]);
  });

  it('the smoke test cleans up when it is told to stop', async () => {
    let told = false;
    const { status, output } = await smokeWith(target, 'slow', {
      onOutput: (output, signalGroup) => {
        if (told || !output.includes('ok    authentication')) return;
        told = true;
        setTimeout(() => signalGroup('SIGINT'), 400);
      },
    });
    expect(status).not.toBe(0);
    expect(output).toContain('FAIL  write then read: told to stop');
    expect(output).not.toContain('transition race');
    expect(output).toContain('ok    clean-up: 1 tasks deleted');
    expect(await tasksLeft(target)).toEqual([]);
  });

  it.each(
    processCases<[string, string[], string]>(
      ['no service', [], 'Name one service'],
      ['a service without a scheme', ['localhost:8080', '--insecure'], 'Name one service'],
      ['no key', ['https://tasks.example.com'], 'Set API_KEY, or pass --key'],
      ['a key with a space', ['https://tasks.example.com', '--key', 'a b'], 'Set API_KEY, or pass --key'],
      ['an option that is not there', ['--keys', 'x'], 'npm run smoke -- https://HOST'],
      [
        'a service that is not there',
        ['http://127.0.0.1:1', '--insecure'],
        'No service answers on http://127.0.0.1:1',
      ],
    ),
  )('the smoke test says what is wrong with %s', async (_, args, sentence) => {
    const { status, output } = await smoke(args);
    expect(status).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });
});
