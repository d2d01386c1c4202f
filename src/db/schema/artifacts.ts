import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from './moment-column.ts';
import { LIVE_PRODUCERS } from './names.ts';

/** Which tasks make an artifact, in projects where artifacts count; one of them at most is live. */
export const artifactProducers = pgTable(
  'artifact_producers',
  {
    project_id: text().notNull(),
    name: text().notNull(),
    task_id: text().notNull(),
    /** The task has not failed and is not cancelled. */
    is_live: boolean().notNull().default(true),
  },
  (producer) => [
    primaryKey({
      name: 'artifact_producers_pkey',
      columns: [producer.project_id, producer.name, producer.task_id],
    }),
    uniqueIndex(LIVE_PRODUCERS).on(producer.project_id, producer.name).where(sql`${producer.is_live}`),
    index('artifact_producers_by_task').on(producer.project_id, producer.task_id),
  ],
);

/** Artifacts of which somebody has said that they exist; whatever a task completes needs no row. */
export const artifacts = pgTable(
  'artifacts',
  {
    project_id: text().notNull(),
    name: text().notNull(),
    provided_at: moment().notNull(),
    uri: text(),
    sha256: text(),
    bytes: bigint({ mode: 'number' }),
  },
  (artifact) => [
    primaryKey({ name: 'artifacts_pkey', columns: [artifact.project_id, artifact.name] }),
    index('artifacts_by_time').on(artifact.project_id, artifact.provided_at),
  ],
);
