import type { Pool } from 'pg';

/** Makes leases and pauses pass that many times as fast from now on; 1 is real time. */
export async function setPace(database: Pool, pace: number): Promise<void> {
  const { rows } = await database.query<{ now: string }>('select clock_timestamp()::text as now');
  const now = rows[0]?.now ?? '';
  await database.query(
    `create or replace function task_clock() returns timestamptz language sql volatile parallel safe
     as $$ select '${now}'::timestamptz + (clock_timestamp() - '${now}'::timestamptz) * ${pace} $$`,
  );
}
