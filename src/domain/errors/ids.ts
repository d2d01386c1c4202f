import { ARTIFACT_TYPES } from '../ids.ts';
import { type Code, form, type NoFacts } from './form.ts';

export const ID_ERRORS = {
  invalid_artifact_type: {
    status: 400,
    meaning: 'The project has no ids of that type; nothing was given out',
    forms: {
      invalid_artifact_type: form<{ artifact_type: string; valid_types: readonly string[] }>({
        fact: ({ artifact_type, valid_types }) =>
          `Invalid artifact_type: ${artifact_type}. Valid types: ${valid_types.join(', ')}`,
        remedy: ['Use one of them, or ', { operation: 'put_project' }, ' to add the type to the project'],
        isFixed: true,
        details: (facts) => facts,
        example: { artifact_type: 'XYZ', valid_types: ARTIFACT_TYPES },
      }),
    },
  },
  reservation_not_found: {
    status: 404,
    meaning: 'No project of the credential has such a reservation that could still be confirmed',
    forms: {
      reservation_not_found: form<NoFacts>({
        fact: 'Reservation expired or not found',
        remedy: [
          'Reserve again with ',
          { operation: 'reserve_ids' },
          '; nobody else gets the ids that expired',
        ],
        isFixed: true,
        example: {},
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
