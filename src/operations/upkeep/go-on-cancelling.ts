import { sql } from 'drizzle-orm/sql';
import { defineRenewal } from '../../db/statement.ts';

/** Goes on with one cascade that ended at its bound; tells how many tasks that cancelled, null where none is left. */
export const GO_ON_CANCELLING = defineRenewal<{ readonly most: number }, number | null>({
  name: 'go_on_cancelling',
  build: (value) => ({
    steps: sql`
    cancelled as materialized (
      select go_on_cancelling(${value('most')}::int) as tasks
    )`,
    outcome: sql`select tasks from cancelled`,
  }),
  // The function's type is integer.
  toRow: (row) => row['tasks'] as number | null,
});
