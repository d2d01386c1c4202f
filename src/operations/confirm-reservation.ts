import { sql } from 'drizzle-orm/sql';
import { confirmReservationInput, confirmReservationOutput } from '../contract/ids.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRenewal } from '../db/statement.ts';
import { refusal } from '../domain/errors/index.ts';
import { defineOperation } from './define-operation.ts';

type Values = ProjectScope & { readonly reservation_id: string };

const CONFIRM_RESERVATION = defineRenewal<Values, boolean>({
  name: 'confirm_reservation',
  build: (value) => ({
    steps: sql`
    confirmed as (
      update id_reservations
      set confirmed_at = coalesce(confirmed_at, task_clock())
      where reservation_id = ${value('reservation_id')}
        and ${isAllowed(sql`project_id`, value('allowed_projects'))}
        and (confirmed_at is not null or expires_at > task_clock())
      returning reservation_id
    )`,
    // A row even without a reservation: only outcomes are recorded.
    outcome: sql`select exists (select from confirmed) as is_confirmed`,
  }),
  toRow: (row) => row['is_confirmed'] === true,
});

/** Says that the ids of a reservation are used. Rejects with `reservation_not_found`. */
export const confirmReservation = defineOperation({
  name: 'confirm_reservation',
  scope: 'write',
  summary: 'Confirm a reservation',
  description:
    'Says that the ids of a reservation are used. To confirm once more changes nothing, until the reservation is forgotten a day after it was to expire.',
  answer: 'The reservation is confirmed',
  errors: ['reservation_not_found'],
  input: confirmReservationInput,
  output: confirmReservationOutput,
  projects: () => [],
  statements: [CONFIRM_RESERVATION],
  examples: [{ reservation_id: '0f8fad5b-d9cb-469f-a165-70867728950e' }],
  async run({ run }, { reservation_id }) {
    const [isConfirmed] = await run(CONFIRM_RESERVATION, { reservation_id });
    if (isConfirmed !== true) throw refusal('reservation_not_found', {});
    return { reservation_id, confirmed: true as const };
  },
});
