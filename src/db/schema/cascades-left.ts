import { bigint, pgTable, text } from 'drizzle-orm/pg-core';

/** Cascades of cancellations that ended at their bound; the upkeep goes on with each. Several may be of one project. */
export const cascadesLeft = pgTable('cascades_left', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  project_id: text().notNull(),
});
