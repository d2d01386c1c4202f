import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { runsOf } from '../model/parameters.ts';
import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, DRIVERS, openTestDatabase } from '../support/database.ts';
import { expectGraphToAddUp } from '../support/graph-oracle.ts';
import { histories } from '../support/random-history.ts';
import { contentOf, exportOf, importAll, orderOf } from '../support/transfer.ts';

const MINUTES = 900_000;

describe.each(DRIVERS)('an export that is imported over %s', (driver) => {
  let database: DatabaseUnderTest;
  let app: AppUnderTest;

  beforeAll(async () => {
    database = await openTestDatabase();
    app = appUnderTest({ driver, connectionString: database[driver] });
  });
  beforeEach(() => database.empty());
  afterEach(() => expectGraphToAddUp(database));

  const figures = async (project: string) => {
    const text = await (await app.send('/metrics')).text();
    return text.split('\n').flatMap((line) => {
      const [, status, count] =
        new RegExp(`^task_tracker_tasks\\{project="${project}",status="(\\w+)"\\} (\\d+)`).exec(line) ?? [];
      return status === undefined ? [] : [[status, Number(count)]];
    });
  };
  const counted = (project: string) =>
    database
      .query<{ status: string; count: number }>(
        'select status, count(*)::int from tasks where project_id = $1 group by status',
        [project],
      )
      .then((rows) => Object.fromEntries(rows.map(({ status, count }) => [status, count])));

  it(
    'any history comes out again as it went in, and counts and graph add up',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories(40), fc.integer({ min: 1, max: 60 }), async (steps, most) => {
          await database.empty();
          for (const step of steps) await step(app, 'from');
          const first = await exportOf(app, 'from');
          await importAll(app, 'to', first, most);
          const second = await exportOf(app, 'to');
          expect(contentOf(second)).toEqual(contentOf(first));
          expect(orderOf(second)).toEqual(orderOf(first));
          expect(
            Object.fromEntries(await figures('to').then((all) => all.filter(([, count]) => count !== 0))),
          ).toEqual(await counted('to'));
          await expectGraphToAddUp(database);
          const again = await importAll(app, 'to', first, most);
          for (const { added, replaced, removed } of again) expect(added + replaced + removed).toBe(0);
          expect(contentOf(await exportOf(app, 'to'))).toEqual(contentOf(first));
        }),
        { ...runsOf(inject('form').transfers), endOnFailure: true },
      );
    },
    MINUTES,
  );
});
