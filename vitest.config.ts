import path from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { configDefaults, defineConfig } from 'vitest/config';
import { unstable_readConfig } from 'wrangler';
import { fuzzSettings } from './test/fuzz/settings.ts';
import { formOf } from './test/support/form.ts';

const form = formOf(process.env);

// The tests' workerd behaves as the deployed one.
const worker = unstable_readConfig({ config: './wrangler.toml' });

export default defineConfig({
  resolve: {
    alias: [
      // pg's socket for workerd; required modules resolve from this root, which lacks the condition for it.
      { find: 'pg-cloudflare', replacement: path.resolve('node_modules/pg-cloudflare/dist/index.js') },
      // The bundle's stand-in.
      { find: /^zod$/, replacement: path.resolve('src/zod/index.ts') },
    ],
  },
  test: {
    reporters: ['default', './test/runner/progress-reporter.ts', './test/runner/timings-reporter.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Tests run in workerd, which does not see this process's environment.
    provide: {
      form,
      faultTimes: process.env['FAULT_TIMES'] === 'real' ? 'real' : 'scaled',
      fuzz: fuzzSettings(process.env, form.fuzzRequests),
      model: { seed: process.env['MODEL_SEED'] ?? '', runs: process.env['MODEL_RUNS'] ?? '' },
    },
    exclude: [...configDefaults.exclude, ...(form.name === 'full' ? [] : ['**/*.long.test.ts'])],
    // Files share a worker and its modules: importing them takes longer than most files take to run.
    isolate: false,
    // Otherwise the style sheet that a test serves would be empty.
    css: true,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        extends: true,
        plugins: [
          cloudflareTest({
            miniflare: {
              compatibilityDate: worker.compatibility_date ?? '',
              compatibilityFlags: worker.compatibility_flags,
              ratelimits: Object.fromEntries(
                worker.ratelimits.map((limit: { name: string }) => [limit.name, limit]),
              ),
            },
          }),
        ],
        test: {
          name: 'worker',
          setupFiles: ['test/support/hand-on-databases.ts'],
          include: ['http', 'mcp', 'db', 'fuzz', 'model'].map((room) => `test/${room}/**/*.test.ts`),
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One for each lane of the fault matrix, which mostly waits.
          maxConcurrency: 10,
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/service/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: {
      provider: 'istanbul',
      include: ['src/**/*.ts', 'client/**/*.ts'],
      // Only a browser runs the first two, outside this process; the other is built.
      exclude: ['src/rest/reference/browser/main.ts', 'src/board/**', 'client/dist/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 90, branches: 90 },
    },
  },
});
