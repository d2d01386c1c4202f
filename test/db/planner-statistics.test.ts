import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../support/database.ts';

describe('what the planner knows', () => {
  it('no table has statistics of its projects, so that plans are the same for new ones', async () => {
    const database = await openTestDatabase();
    const known = await database.query<{ table: string }>(
      `select attrelid::regclass::text as table
       from pg_attribute
       join pg_class on pg_class.oid = attrelid
       where attname = 'project_id'
         and relkind = 'r'
         and relnamespace = 'public'::regnamespace
         and attstattarget is distinct from 0`,
    );
    expect(known).toEqual([]);
  });
});
