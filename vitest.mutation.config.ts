import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const FOLDERS = ['test/unit/', 'test/http/', 'test/db/'];

/** The fast tests first: a mutant that one of them kills never costs a look at the database. */
class FastFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      FOLDERS.findIndex((folder) => moduleId.includes(folder));
    return files.toSorted((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** The tests in plain Node, where Stryker can switch its mutants; what they promise they prove in workerd. */
export default defineConfig({
  resolve: { alias: { 'cloudflare:test': path.resolve('test/support/cloudflare-test.ts') } },
  test: {
    include: FOLDERS.map((folder) => `${folder}**/*.test.ts`),
    // Sockets, races, plans and the entry belong to workerd and to large tables; here they would only cost time.
    exclude: ['test/db/{faults,plans,races}.test.ts', 'test/http/index.test.ts'],
    globalSetup: ['test/support/mutation-setup.ts'],
    testTimeout: 10_000,
    // Each run has a worker of its own, so a mutant in module scope is still evaluated anew.
    isolate: false,
    sequence: { sequencer: FastFirst },
  },
});
