import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseUnderTest, openTestDatabase } from '../support/database.ts';
import { type FeedReader, feedReader } from '../support/feed-reader.ts';

const WRITERS = 4;

/** Every order of some things. */
function ordersOf<T>(things: readonly T[]): T[][] {
  if (things.length <= 1) return [[...things]];
  return things.flatMap((first, index) =>
    ordersOf(things.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}

const insert = (client: Client) =>
  client.query(`
    insert into task_events (project_id, task_id, version, at, type, caller)
    values ('p', 'TASK-1', 0, task_clock(), 'moved', 'test'), ('q', 'TASK-1', 0, task_clock(), 'moved', 'test')`);

describe('a reader of the events while transactions commit', () => {
  let database: DatabaseUnderTest;
  let writers: readonly Client[];
  let reader: FeedReader;

  beforeAll(async () => {
    database = await openTestDatabase();
    writers = Array.from({ length: WRITERS }, () => new Client({ connectionString: database.url }));
    for (const writer of writers) await writer.connect();
    reader = feedReader(database.url, 'p');
  });
  afterAll(async () => {
    for (const writer of writers) await writer.end();
    await reader.close();
  });

  /** Has the writers commit in that order, but one that rolls back, while the reader looks again and again. */
  async function endIn(order: readonly Client[], rolledBack: Client | undefined): Promise<void> {
    for (const writer of writers) await writer.query('begin');
    for (const writer of writers) await insert(writer);
    await reader.look();
    for (const writer of order) {
      // Sequences do not follow transactions: a later transaction has events before those of an earlier one.
      await insert(writer);
      await writer.query(writer === rolledBack ? 'rollback' : 'commit');
      await reader.look();
    }
  }

  it('the reader sees each event once, whatever the order of commits, and nothing that is rolled back', async () => {
    for (const [round, order] of ordersOf(writers).entries()) await endIn(order, writers[round % 7]);
    // Other tests' transactions hold events back, too, for a moment.
    while ((await reader.look()).lag_seconds > 0);
    const all = await database.query<{ seq: string }>(
      `select seq from task_events where project_id = 'p' order by xid, seq`,
    );
    expect(all.length).toBeGreaterThan(100);
    expect(reader.seen).toEqual(all.map(({ seq }) => Number(seq)));
    expect(reader.longestLag()).toBeGreaterThan(0);
  });
});
