import { type Code, form } from './form.ts';

/** The parts of a filter that an index knows, as clients name them. */
const NARROWING =
  'status, state, label, generator_name, claimed_by, priority_min, priority_max, created_after, created_before, id_prefix or q';

export const LIST_ERRORS = {
  list_too_large: {
    status: 422,
    meaning: 'More tasks, or notes, fit a filter than are looked at for one answer',
    forms: {
      list_too_large: form<{ sort: string; limit: number }>({
        fact: ({ sort, limit }) => `More than ${limit} tasks would have to be sorted by ${sort}`,
        remedy: `Narrow the filter by ${NARROWING}, or sort by created or priority`,
        details: (facts) => facts,
        example: { sort: 'updated', limit: 10_000 },
      }),
      words_too_common: form<{ limit: number }>({
        fact: ({ limit }) => `More than ${limit} notes of the project have the words of q`,
        remedy: 'Give more words, or rarer ones',
        details: (facts) => facts,
        example: { limit: 10_000 },
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;
