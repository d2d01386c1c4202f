import path from 'node:path';
import { supervise } from './runner/supervise.ts';

interface Run {
  /** What the tests read of the environment; a variable that is set already stays as it is. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Several times what the run takes on two cores. */
  readonly limitMinutes: number;
}

const WORKER = ['--project', 'worker'];

/** A search looks where none has looked; what it prints finds a fault again. */
const NEW_SEED = String(Date.now() % 2 ** 31);

const RUNS: Readonly<Record<string, Run>> = {
  short: { env: {}, args: ['--coverage'], limitMinutes: 12 },
  full: { env: { TEST_FORM: 'full' }, args: ['--coverage'], limitMinutes: 75 },
  faults: {
    env: { TEST_FORM: 'full', FAULT_TIMES: 'real' },
    args: [...WORKER, 'test/db/fault-matrix.test.ts'],
    limitMinutes: 10,
  },
  model: {
    env: { TEST_FORM: 'full', MODEL_RUNS: '1000', MODEL_SEED: NEW_SEED },
    args: [...WORKER, 'test/model'],
    limitMinutes: 5 * 60,
  },
  fuzz: {
    env: { FUZZ_REQUESTS: '20000', FUZZ_SEED: NEW_SEED },
    args: [...WORKER, '--project', 'service', 'fuzz'],
    limitMinutes: 60,
  },
};

/** Many tests start scripts, which load faster what an earlier one has compiled. */
const COMPILED = path.resolve('node_modules/.cache/task-tracker/compiled');

const EXIT_PATIENCE_MS = 10_000;
/** The run writes to a pipe, which by itself has no colours. */
const COLOURS = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};

const [name = 'short', ...more] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) {
  console.error(`node test/run.ts ${Object.keys(RUNS).join('|')} [what vitest run takes]`);
  process.exit(1);
}

const { exitCode } = supervise({
  command: process.execPath,
  args: [path.resolve('node_modules/vitest/vitest.mjs'), 'run', ...run.args, ...more],
  env: { NODE_COMPILE_CACHE: COMPILED, ...COLOURS, ...run.env, ...process.env },
  limit: run.limitMinutes * 60_000,
  exitPatience: EXIT_PATIENCE_MS,
  print: (line) => console.log(line),
  startTimer: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});
process.exitCode = await exitCode;
