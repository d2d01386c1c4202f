import { sql } from 'drizzle-orm/sql';
import { deleteExpiredReservationsInput, deleteExpiredReservationsOutput } from '../contract/ids.ts';
import { deleteFirst } from '../db/sql/delete-first.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { ID_LIMITS } from '../domain/ids.ts';
import { defineOperation } from './define-operation.ts';

const MOST = ID_LIMITS.reservationsPerDeletion;

const DELETE_EXPIRED_RESERVATIONS = defineRecordedWrite<ProjectScope, number>({
  name: 'delete_expired_reservations',
  build: (value) => ({
    steps: sql`
    deleted as (${deleteFirst('id_reservations', {
      among: sql`confirmed_at is null
          and expires_at <= statement_timestamp()
          and ${isAllowed(sql`project_id`, value('allowed_projects'))}`,
      by: 'expires_at',
      most: MOST,
    })}
      returning reservation_id
    )`,
    outcome: sql`select count(*) as deleted from deleted`,
  }),
  toRow: (row) => Number(row['deleted']),
});

/** Deletes reservations that nobody confirmed in time, in all projects of the caller. Their ids stay used up. */
export const deleteExpiredReservations = defineOperation({
  name: 'delete_expired_reservations',
  scope: 'admin',
  summary: 'Delete expired reservations',
  description:
    'Deletes the reservations that nobody confirmed in time, in every project of the credential. Their ids stay used up. The service forgets them by itself a day later.',
  answer: 'How many were deleted',
  errors: [],
  input: deleteExpiredReservationsInput,
  output: deleteExpiredReservationsOutput,
  projects: () => [],
  statements: [DELETE_EXPIRED_RESERVATIONS],
  examples: [{}],
  async run({ run }) {
    const [deleted_count = 0] = await run(DELETE_EXPIRED_RESERVATIONS, {});
    return { deleted_count, has_more: deleted_count === MOST };
  },
});
