import { sql } from 'drizzle-orm/sql';
import { nextIdInput, nextIdOutput } from '../contract/ids.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { defineOperation } from './define-operation.ts';
import { givenNumbers, type TypeValues, typeValues, unknownType } from './given-type.ts';

interface Given {
  /** Null where the project does not have the type. */
  readonly next_id: string | null;
  readonly added_types: readonly string[];
}

const NEXT_ID = defineRecordedWrite<TypeValues, Given>({
  name: 'next_id',
  build: (value) => ({
    steps: givenNumbers(value, sql`1`),
    outcome: sql`
    select added_types, id_text(${value('type')}, first_number) as next_id
    from known
    left join given on true`,
  }),
  // The columns' types guarantee the values.
  toRow: (row) => row as unknown as Given,
});

/** Gives out the next id of a type. Rejects with `invalid_artifact_type`. */
export const nextId = defineOperation({
  name: 'next_id',
  scope: 'write',
  summary: 'Give out the next id',
  description:
    'Gives out an id of the project that nobody has and nobody gets again: each request uses one up. The POST with an Idempotency-Key is safe to repeat; the GET, which has none, gives another id each time, so ids may be skipped but never come twice. To hold several, reserve them.',
  answer: 'The id, which is now taken',
  errors: ['invalid_artifact_type'],
  input: nextIdInput,
  output: nextIdOutput,
  projects: ({ project }) => [project],
  statements: [NEXT_ID],
  examples: [{ type: 'US', project: 'ai-agent-mcp-server' }],
  async run({ run }, { type, project }) {
    const [given] = await run(NEXT_ID, typeValues(project, type));
    if (given === undefined) throw new Error('An id that is asked for always has an outcome');
    if (given.next_id === null) throw unknownType(type, given.added_types);
    return { artifact_type: type, next_id: given.next_id };
  },
});
