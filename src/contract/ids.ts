import { z } from 'zod';
import { ARTIFACT_TYPES, ID_LIMITS } from '../domain/ids.ts';
import { project, projectId } from './fields.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

/** Which types there are depends on the project. */
const type = text({ min: 1, max: 100 }).meta({
  description: `${ARTIFACT_TYPES.join(', ')}, or one that the project adds`,
  example: 'US',
});

const COUNT = { minimum: 1, maximum: ID_LIMITS.idsPerReservation };

const count = z
  .number({ error: mustBe('a whole number') })
  .superRefine((value, context) => {
    if (Number.isInteger(value) && value >= COUNT.minimum && value <= COUNT.maximum) return;
    const message = `Invalid count: must be between ${COUNT.minimum} and ${COUNT.maximum}`;
    context.addIssue({ code: 'custom', params: { isWholeSentence: true }, message });
  })
  .meta({ type: 'integer', ...COUNT, description: 'How many ids' });

export const nextIdInput = { fields: { type, project } };

export const nextIdOutput = z
  .strictObject({ artifact_type: z.string(), next_id: z.string() })
  .meta({ example: { artifact_type: 'US', next_id: 'US-071' } });

export const reserveIdsInput = { fields: { type, count, project_id: projectId } };

const EXAMPLE_RESERVATION = '0f8fad5b-d9cb-469f-a165-70867728950e';

export const reserveIdsOutput = z
  .strictObject({
    reservation_id: z.string(),
    artifact_type: z.string(),
    reserved_ids: z.array(z.string()).meta({ description: 'One after the other' }),
    expires_at: z.iso.datetime().meta({ description: 'When it can no longer be confirmed' }),
  })
  .meta({
    example: {
      reservation_id: EXAMPLE_RESERVATION,
      artifact_type: 'US',
      reserved_ids: ['US-071', 'US-072', 'US-073'],
      expires_at: '2025-10-18T10:15:00.000Z',
    },
  });

export const confirmReservationInput = {
  fields: { reservation_id: text({ min: 1, max: 100 }).meta({ example: EXAMPLE_RESERVATION }) },
};

export const confirmReservationOutput = z
  .strictObject({ reservation_id: z.string(), confirmed: z.literal(true) })
  .meta({ example: { reservation_id: EXAMPLE_RESERVATION, confirmed: true } });

export const deleteExpiredReservationsInput = { fields: {} };

export const deleteExpiredReservationsOutput = z
  .strictObject({
    deleted_count: z
      .int()
      .meta({ description: `One request deletes ${ID_LIMITS.reservationsPerDeletion} at most` }),
    has_more: z.boolean().meta({ description: 'More are left: send it again' }),
  })
  .meta({ example: { deleted_count: 3, has_more: false } });
