import type { Words } from '../words.ts';
import { type Code, form, type NoFacts } from './form.ts';

const REPEAT: Words = [
  'Send the same request again with its ',
  { argument: 'idempotency_key' },
  ', or read the task before you try again',
];

export const SERVICE_ERRORS = {
  // US-050, scenario 9.
  database_unavailable: {
    status: 500,
    meaning:
      'The service could not reach the database, even after retries, or the database refused or ended the statement (read-only, full, too slow); nothing was changed',
    forms: {
      database_unavailable: form<NoFacts>({
        fact: 'Database unavailable',
        remedy: 'Try again later',
        isFixed: true,
        example: {},
      }),
    },
  },
  outcome_unknown: {
    status: 500,
    meaning: 'The service sent a change, then lost every answer or failed: the change may have committed',
    forms: {
      outcome_unknown: form<NoFacts>({
        fact: 'The connection to the database was lost before it answered: the change may or may not have been made',
        remedy: REPEAT,
        example: {},
      }),
      outcome_unreported: form<NoFacts>({
        fact: 'The service failed after the change had been sent to the database: the change may have been made',
        remedy: REPEAT,
        example: {},
      }),
    },
  },
  not_configured: {
    status: 500,
    meaning: 'A variable, secret or binding is missing or wrong; the error names it',
    forms: {
      not_configured: form<{ problem: string }>({
        fact: ({ problem }) => `The service is not configured: ${problem}`,
        remedy: 'The operator sets what is missing',
        isFixed: true,
        example: { problem: 'DATABASE_DRIVER is neon: set the secret DATABASE_URL' },
      }),
      // Also for a deployed Worker that allows anonymous callers: the remedy is the same.
      authentication_not_configured: form<NoFacts>({
        fact: 'Authentication is not configured: set API_KEY, API_KEYS or JWT_SECRET',
        remedy: 'The operator sets one of them',
        isFixed: true,
        example: {},
      }),
    },
  },
  internal_error: {
    status: 500,
    meaning: 'The service has a defect; nothing was changed. The log has it under the request_id',
    forms: {
      internal_error: form<NoFacts>({
        fact: 'Unexpected error',
        remedy: 'Try again; if it persists, report the request_id to the operator',
        example: {},
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
