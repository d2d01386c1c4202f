import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const FILE = path.resolve('reports/timings.json');
const PHASES = ['prepare', 'collect', 'setup', 'tests'] as const;

type Phases = Record<(typeof PHASES)[number], number>;

function phasesOf(module: TestModule): Phases {
  const { prepareDuration, collectDuration, setupDuration, duration } = module.diagnostic();
  return { prepare: prepareDuration, collect: collectDuration, setup: setupDuration, tests: duration };
}

/** Writes to reports/timings.json how long each phase of each file took, in milliseconds, the longest file first. */
export default class TimingsReporter implements Reporter {
  readonly #began = performance.now();

  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules
      .map((module) => ({
        project: module.project.name,
        file: module.relativeModuleId,
        ...phasesOf(module),
      }))
      .map((file) => ({ ...file, total: sum(PHASES.map((phase) => file[phase])) }))
      .sort((one, other) => other.total - one.total);
    const phases = Object.fromEntries(PHASES.map((phase) => [phase, sum(files.map((file) => file[phase]))]));
    mkdirSync(path.dirname(FILE), { recursive: true });
    writeFileSync(
      FILE,
      `${JSON.stringify({ elapsed: performance.now() - this.#began, phases, files }, null, 2)}\n`,
    );
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
