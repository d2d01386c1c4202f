import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { fuzzSettings } from './test/fuzz/settings.ts';
import { FORMS } from './test/support/form.ts';

const FOLDERS = ['test/unit/', 'test/http/', 'test/mcp/', 'test/db/'];

const PACKAGE = /(?:from |import\()'([^'.:][^':]*)'/g;

/** What src imports, bundled: each run loads it anew, and its many files took half of the time. */
const LIBRARIES = globSync('src/**/*.ts').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(PACKAGE)].flatMap(([, name]) => name ?? []),
);

/** Otherwise a class that one library throws and another catches could exist twice. */
const ONE_CHUNK = { output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } } };

/** Fast tests first: a mutant that one of them kills never needs the database. */
class FastFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      FOLDERS.findIndex((folder) => moduleId.includes(folder));
    return files.toSorted((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** Runs the tests in plain Node, where Stryker can switch its mutants; workerd proves what they promise. */
export default defineConfig({
  // Stryker's runners would get in each other's way with one.
  cacheDir: `node_modules/.vite/mutation-${process.env['STRYKER_MUTATOR_WORKER'] ?? 'none'}`,
  resolve: { alias: { 'cloudflare:test': path.resolve('test/support/cloudflare-test.ts') } },
  test: {
    deps: {
      optimizer: { ssr: { enabled: true, include: [...new Set(LIBRARIES)], rolldownOptions: ONE_CHUNK } },
    },
    include: FOLDERS.map((folder) => `${folder}**/*.test.ts`),
    // Sockets, races, plans, timeouts, settings, triggers and the entry need workerd, the database or large tables;
    // here they would only cost time.
    exclude: [
      '**/*.long.test.ts',
      'test/db/{bulk-races,counters,fault-matrix,faults,find-bounds,graph-plans,graph-races,isolation-levels,plans,races,session-settings,statement-time,transfer}.test.ts',
      'test/http/{index,rate-limit-bindings}.test.ts',
    ],
    globalSetup: ['test/support/mutation-setup.ts'],
    provide: {
      form: FORMS.mutation,
      fuzz: fuzzSettings(process.env, FORMS.mutation.fuzzRequests),
      model: { seed: '', runs: '' },
    },
    // Several times the slowest test's time. A mutant that hangs costs as much for each test up to the first.
    testTimeout: 10_000,
    // Each run has its own worker, so a mutant in module scope is still evaluated anew.
    isolate: false,
    // Otherwise the style sheet that a test serves would be empty.
    css: true,
    sequence: { sequencer: FastFirst },
  },
});
