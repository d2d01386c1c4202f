import type { Pool } from 'pg';

/** Lets leases and pauses pass so many times as fast from now on; as time really passes at 1. */
export async function setPace(database: Pool, pace: number): Promise<void> {
  const { rows } = await database.query<{ now: string }>('select clock_timestamp()::text as now');
  const now = rows[0]?.now ?? '';
  await database.query(
    `create or replace function task_clock() returns timestamptz language sql volatile parallel safe
     as $$ select '${now}'::timestamptz + (clock_timestamp() - '${now}'::timestamptz) * ${pace} $$`,
  );
}
