import { describe, expect, it, vi } from 'vitest';
import { supervise } from '../runner/supervise.ts';

const LIMIT_MS = 60_000;
const EXIT_PATIENCE_MS = 1_000;

/** A supervised Node that runs a script; time passes for it when the test says so. */
function superviseScript(script: string) {
  const lines: string[] = [];
  const timers = new Map<number, () => void>();
  const supervised = supervise({
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    limit: LIMIT_MS,
    exitPatience: EXIT_PATIENCE_MS,
    print: (line) => lines.push(line),
    startTimer: (milliseconds, callback) => {
      timers.set(milliseconds, callback);
      return () => timers.delete(milliseconds);
    },
  });
  return { ...supervised, lines, timers };
}

const SPIN = 'for (;;);';
const begin = (name: string) => `process.send({ kind: 'begin', name: '${name}' });`;

describe('a supervised run', () => {
  it('a run is killed at its limit, with the names of what was still running', async () => {
    const { exitCode, running, lines, timers } = superviseScript(
      `${begin('a.test.ts')}${begin('a.test.ts > hangs')}${begin('done')}
       process.send({ kind: 'end', name: 'done' }, () => { ${SPIN} });`,
    );
    await vi.waitFor(() => expect([...running]).toEqual(['a.test.ts', 'a.test.ts > hangs']), LIMIT_MS);
    timers.get(LIMIT_MS)?.();
    expect(await exitCode).toBe(1);
    expect(lines).toEqual([
      'The run was ended after its limit of 60 s. Still running:\n  a.test.ts\n  a.test.ts > hangs',
    ]);
    expect([...timers]).toEqual([]);
  });

  it.each([0, 3])('a run that exits with %i and stays is killed, and its code stands', async (code) => {
    const { exitCode, lines, timers } = superviseScript(
      `process.send({ kind: 'exit', code: ${code} }, () => { ${SPIN} });`,
    );
    await vi.waitFor(() => expect(timers.has(EXIT_PATIENCE_MS)).toBe(true), LIMIT_MS);
    timers.get(EXIT_PATIENCE_MS)?.();
    expect(await exitCode).toBe(code);
    expect(lines).toEqual([`The run had ended with ${code}, but its process did not: it was killed`]);
  });

  it('a run that ends by itself has its own exit code', async () => {
    const { exitCode, timers } = superviseScript('process.exit(7)');
    expect(await exitCode).toBe(7);
    expect([...timers]).toEqual([]);
  });

  it('a run shows what it prints except workerd’s words on broken connections', async () => {
    const { exitCode, lines } = superviseScript(
      `console.error('exception = kj/async-io.c++:763: disconnected: read end of pipe was aborted');
       console.error('stack: /somewhere/bin/workerd@65d36f0 /somewhere/bin/workerd@2a6bf10');
       console.error('uncaught exception; exception = jsg/value.h:1535: disconnected: jsg.Error: Network connection lost.');
       console.error('AssertionError: expected 1 to be 2');`,
    );
    expect(await exitCode).toBe(0);
    expect(lines).toEqual(['AssertionError: expected 1 to be 2']);
  });
});
