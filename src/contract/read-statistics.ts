import { z } from 'zod';
import { STATISTICS } from '../domain/statistics.ts';
import { project, wholeNumber } from './fields.ts';

export const readStatisticsInput = {
  fields: {
    project,
    days: wholeNumber(1, STATISTICS.mostDays)
      .optional()
      .meta({ description: `How many UTC days, today included. Default: ${STATISTICS.usualDays}` }),
  },
};

const percentiles = (description: string) =>
  z.strictObject({ p50: z.number(), p95: z.number() }).nullable().meta({ description });

const spent = {
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_micro_usd: z.int().meta({ description: 'In millionths of a US dollar' }),
};

const day = z.strictObject({
  day: z.iso.date().meta({ description: 'Of UTC' }),
  added: z.int(),
  completed: z.int(),
  failed: z.int().meta({ description: 'Tasks that became failed' }),
  cancelled: z.int(),
  retried: z.int().meta({ description: 'Attempts that failed and left the task pending' }),
  expired: z.int().meta({ description: 'Claims that were lost because their lease ended' }),
  waiting_seconds: percentiles(
    'Of the tasks that were started on this day: from when each last became pending to its start; null without one',
  ),
  lead_seconds: percentiles(
    'Of the tasks that were completed on this day: from the creation of each to its completion; null without one',
  ),
  ...spent,
});

export const readStatisticsOutput = z
  .strictObject({
    days: z
      .array(day)
      .meta({ description: 'Each day of the range, the oldest first. Usage is that of ended claims' }),
    failures: z
      .array(
        z.strictObject({
          reason: z
            .string()
            .nullable()
            .meta({
              description: `The error without its numbers, cut to ${STATISTICS.reasonCharacters} characters; null where none was given`,
            }),
          count: z.int(),
        }),
      )
      .meta({
        description: `Of failed tasks and retried attempts of all these days, the ${STATISTICS.reasons} most frequent reasons`,
      }),
    failures_left_out: z.int().meta({ description: 'Failures for other reasons' }),
    agents_today: z.array(z.strictObject({ agent_id: z.string(), attempts: z.int(), ...spent })).meta({
      description: `By the claims that ended today, the ${STATISTICS.agents} agents with the highest cost`,
    }),
    agents_left_out: z.int().meta({ description: 'Other agents with a claim that ended today' }),
    complete_from: z.iso.datetime().meta({
      description: `From when on nothing is missing: the start of the first day, or later where older events are no longer kept, or are beyond the newest ${STATISTICS.events} of the project`,
    }),
  })
  .meta({
    example: {
      days: [
        {
          day: '2025-10-18',
          added: 12,
          completed: 9,
          failed: 1,
          cancelled: 0,
          retried: 2,
          expired: 0,
          waiting_seconds: { p50: 4.2, p95: 61.5 },
          lead_seconds: { p50: 840.1, p95: 3_600 },
          input_tokens: 810_000,
          output_tokens: 96_000,
          cost_micro_usd: 4_050_000,
        },
      ],
      failures: [{ reason: 'No answer from the search service', count: 3 }],
      failures_left_out: 0,
      agents_today: [
        {
          agent_id: 'agent-7',
          attempts: 12,
          input_tokens: 810_000,
          output_tokens: 96_000,
          cost_micro_usd: 4_050_000,
        },
      ],
      agents_left_out: 0,
      complete_from: '2025-10-18T00:00:00.000Z',
    },
  });

export type Statistics = z.infer<typeof readStatisticsOutput>;
