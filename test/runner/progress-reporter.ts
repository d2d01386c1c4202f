import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Progress } from './progress.ts';

function tell(progress: Progress): void {
  if (process.connected) process.send?.(progress);
}

function nameOf(entity: TestModule | TestCase): string {
  return entity.type === 'module'
    ? entity.relativeModuleId
    : `${entity.module.relativeModuleId} > ${entity.fullName}`;
}

/** Tells the supervisor, where there is one, which files and tests are running and that the process exits. */
export default class ProgressReporter implements Reporter {
  onInit(): void {
    process.once('exit', (code) => tell({ kind: 'exit', code }));
    // Nobody would end a run whose supervisor was killed.
    process.once('disconnect', () => process.exit(1));
    // Otherwise the channel would keep the process alive after its work.
    process.channel?.unref();
  }

  onTestModuleQueued(module: TestModule): void {
    tell({ kind: 'begin', name: nameOf(module) });
  }

  onTestModuleEnd(module: TestModule): void {
    tell({ kind: 'end', name: nameOf(module) });
  }

  onTestCaseReady(test: TestCase): void {
    tell({ kind: 'begin', name: nameOf(test) });
  }

  onTestCaseResult(test: TestCase): void {
    tell({ kind: 'end', name: nameOf(test) });
  }
}
