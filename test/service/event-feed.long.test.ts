import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../support/database.ts';
import { feedReader } from '../support/feed-reader.ts';

const WRITERS = 16;
const TRANSACTIONS = 700;
const LIMIT_MS = 600_000;

/** One transaction: some events, a delay, some more, a delay, and mostly a commit. The server waits, not the test. */
const TRANSACTION = `
  do $$
  declare
    part int;
  begin
    for part in 1..2 loop
      insert into task_events (project_id, task_id, version, at, type, caller)
      select 'p', 'TASK-1', 0, task_clock(), 'moved', 'test' from generate_series(1, 1 + floor(random() * 9)::int);
      perform pg_sleep(case when random() < 0.02 then 0.2 * random() else 0.01 * random() end);
    end loop;
    if random() < 0.05 then
      rollback;
    end if;
  end $$`;

async function write(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (let left = TRANSACTIONS; left > 0; left -= 1) await client.query(TRANSACTION);
  await client.end();
}

describe('a reader of the events of 16 writers', () => {
  it(
    'the reader sees each of 100,000 events once and in one order, whatever the order of commits',
    async () => {
      const { url, query } = await openTestDatabase();
      const reader = feedReader(url, 'p');
      let isWriting = true;
      const writing = Promise.all(Array.from({ length: WRITERS }, () => write(url))).finally(() => {
        isWriting = false;
      });
      while (isWriting) await reader.look();
      await writing;
      while ((await reader.look()).lag_seconds > 0);
      await reader.close();
      const [{ inOrder, outOfOrder } = { inOrder: [], outOfOrder: 0 }] = await query<{
        inOrder: number[];
        outOfOrder: number;
      }>(`
        select
          json_agg(seq order by xid, seq) as "inOrder",
          count(*) filter (where is_late)::int as "outOfOrder"
        from (
          select xid, seq, seq < max(seq) over (order by xid, seq) as is_late
          from task_events
          where project_id = 'p'
        ) as events`);
      expect(inOrder.length).toBeGreaterThan(100_000);
      // Otherwise the order of the sequence would have done.
      expect(outOfOrder).toBeGreaterThan(1_000);
      expect(reader.seen.length).toBe(inOrder.length);
      expect(reader.seen).toEqual(inOrder);
    },
    LIMIT_MS,
  );
});
