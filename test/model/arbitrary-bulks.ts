import * as fc from 'fast-check';
import { again, maybe, notes, project, status, task } from './arbitrary-parts.ts';
import type { BulkChange, BulkTarget, Intent } from './intent.ts';

const force = fc.option(fc.constant(true), { nil: false, freq: 6 });

const bulkChange: fc.Arbitrary<BulkChange> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      action: fc.constant('move' as const),
      to: status,
      reset: fc.boolean(),
      force,
      notes,
    }),
  },
  { weight: 3, arbitrary: fc.record({ action: fc.constant('reset' as const), force }) },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('cancel' as const), force, notes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('edit' as const),
      priority: maybe(fc.integer({ min: 1, max: 3 })),
      maxAttempts: maybe(fc.integer({ min: 1, max: 2 })),
      labels: fc.constantFrom('set', 'added'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ action: fc.constant('release' as const), delayed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ action: 'delete' as const }) },
);

const named: fc.Arbitrary<BulkTarget> = fc.record({
  ids: fc.uniqueArray(task, { minLength: 1, maxLength: 3 }),
});

const filtered: fc.Arbitrary<BulkTarget> = fc.record({
  status: maybe(status),
  holder: fc.option(fc.constantFrom('x', 'y'), { nil: undefined, freq: 4 }),
  priority: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined, freq: 3 }),
});

function bulkOf(target: fc.Arbitrary<BulkTarget>, limit: fc.Arbitrary<number | undefined>) {
  return fc.record({
    kind: fc.constant('bulk' as const),
    project,
    change: bulkChange,
    target,
    limit,
    expect: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 6 }),
    dry: fc.option(fc.constant(true), { nil: false, freq: 6 }),
    again,
  });
}

// What a limit cuts off, beside others, depends on what there was when the request began.
export const bulk: fc.Arbitrary<Intent> = bulkOf(fc.oneof(named, filtered), fc.constant(undefined));
export const namedBulk: fc.Arbitrary<Intent> = bulkOf(named, fc.constant(undefined));
export const limitedBulk: fc.Arbitrary<Intent> = bulkOf(fc.oneof(named, filtered), fc.constantFrom(1, 2));
