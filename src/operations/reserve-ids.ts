import { sql } from 'drizzle-orm/sql';
import { reserveIdsInput, reserveIdsOutput } from '../contract/ids.ts';
import { constant } from '../db/sql/constant.ts';
import { deleteFirst } from '../db/sql/delete-first.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { ID_LIMITS } from '../domain/ids.ts';
import { defineOperation } from './define-operation.ts';
import { givenNumbers, type TypeValues, typeValues, unknownType } from './given-type.ts';

type Values = TypeValues & { readonly count: number; readonly minutes: number };

interface Reserved {
  readonly added_types: readonly string[];
  /** Null where the project does not have the type; the rest is then null, too. */
  readonly reservation_id: string | null;
  readonly reserved_ids: readonly string[];
  readonly expires_at: string;
}

// Each reservation deletes two that ended long ago, so the table stays as small as recent traffic.
const RESERVE_IDS = defineRecordedWrite<Values, Reserved>({
  name: 'reserve_ids',
  build: (value) => ({
    steps: sql`${givenNumbers(value, sql`${value('count')}::integer`)},
    reserved as (
      insert into id_reservations (project_id, artifact_type, first_number, count, expires_at)
      select
        ${value('project_id')}, ${value('type')}, first_number, ${value('count')}::integer,
        task_clock() + make_interval(mins => ${value('minutes')}::integer)
      from given
      returning *
    ),
    forgotten as (${deleteFirst('id_reservations', {
      among: sql`expires_at < statement_timestamp() - make_interval(hours => ${constant(ID_LIMITS.reservationHours)})`,
      by: 'expires_at',
      most: 2,
    })}
    )`,
    outcome: sql`
    select
      added_types,
      reservation_id,
      ${isoMoment(sql`expires_at`)} as expires_at,
      (
        select jsonb_agg(id_text(artifact_type, number) order by number)
        from generate_series(first_number, first_number + count - 1) as number
      ) as reserved_ids
    from known
    left join reserved on true`,
  }),
  // The columns' types and NOT NULL guarantee the values.
  toRow: (row) => row as unknown as Reserved,
});

/** Reserves ids of a type. Rejects with `invalid_artifact_type` or `rate_limited`. */
export const reserveIds = defineOperation({
  name: 'reserve_ids',
  scope: 'write',
  summary: 'Reserve ids',
  description:
    'Gives out 1 to 100 ids in a row. Whoever uses them confirms the reservation before it expires. Ids of one that expires are used up as well: nobody gets them again.',
  answer: 'The reservation and its ids',
  errors: ['invalid_artifact_type'],
  input: reserveIdsInput,
  output: reserveIdsOutput,
  projects: ({ project_id }) => [project_id],
  statements: [RESERVE_IDS],
  examples: [{ type: 'US', count: 3, project_id: 'ai-agent-mcp-server' }],
  async run({ run, settings }, { type, count, project_id }) {
    await settings.countReservation(project_id);
    const { reservationMinutes: minutes } = settings;
    const [reserved] = await run(RESERVE_IDS, { ...typeValues(project_id, type), count, minutes });
    if (reserved === undefined) throw new Error('A reservation always has an outcome');
    const { added_types, reservation_id, reserved_ids, expires_at } = reserved;
    if (reservation_id === null) throw unknownType(type, added_types);
    return { reservation_id, artifact_type: type, reserved_ids: [...reserved_ids], expires_at };
  },
});
