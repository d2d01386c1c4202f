import { type Code, form } from './form.ts';

export const LOG_ERRORS = {
  cursor_expired: {
    status: 410,
    meaning:
      'The position lies before the oldest event that is kept, or the database has been restored since; floor and head are the oldest position there is now, and the newest',
    forms: {
      cursor_expired: form<{ floor: string; head: string }>({
        fact: 'The log no longer has what came after that position',
        remedy: [
          'Read the state with ',
          { operation: 'list_tasks' },
          ', and go on from floor, or from head for what comes next',
        ],
        details: (facts) => facts,
        example: {
          floor: 'NmYxYzJmMGUtNWE1MS00YzNhLTlhMWUtMGQ3YzFjOWE3ZDU1Ojc1MTo5MDA',
          head: 'NmYxYzJmMGUtNWE1MS00YzNhLTlhMWUtMGQ3YzFjOWE3ZDU1OjkwMjoxMjA0',
        },
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
