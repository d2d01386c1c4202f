import { z } from 'zod';
import { ATTEMPT_LIMITS, ATTEMPT_OUTCOMES } from '../domain/attempts.ts';
import { unlessLeftOut, wholeNumber } from './fields.ts';
import { object } from './input.ts';
import { text } from './text.ts';
import { mustBe } from './wording.ts';

export const total = () => unlessLeftOut(wholeNumber(0, Number.MAX_SAFE_INTEGER).nullable(), null);

export const progress = object({
  percent: unlessLeftOut(wholeNumber(0, 100).nullable(), null),
  note: unlessLeftOut(text({ max: ATTEMPT_LIMITS.noteCharacters }).nullable(), null),
});

export const usage = object({
  input_tokens: total(),
  output_tokens: total(),
  cost_micro_usd: unlessLeftOut(
    wholeNumber(0, Number.MAX_SAFE_INTEGER).nullable(),
    null,
    'In millionths of a US dollar',
  ),
});

export const usageOfAttempt = unlessLeftOut(
  usage.nullable(),
  null,
  'The totals of this attempt so far; each report replaces the one before',
);

const SHA256 = /^[0-9a-f]{64}$/;

export const sha256 = unlessLeftOut(
  z
    .string({ error: mustBe('a string') })
    .regex(SHA256, { error: 'must be 64 hexadecimal digits in small letters' })
    .nullable(),
  null,
);

export const artifact = object({
  name: text({ min: 1, max: ATTEMPT_LIMITS.artifactNameCharacters }),
  uri: text({ min: 1, max: ATTEMPT_LIMITS.artifactUriCharacters }),
  sha256,
  bytes: total(),
});

export const shownProgress = z.strictObject({
  percent: z.int().nullable(),
  note: z.string().nullable(),
});

export const shownUsage = z.strictObject({
  input_tokens: z.int().nullable(),
  output_tokens: z.int().nullable(),
  cost_micro_usd: z.int().nullable(),
});

export const shownArtifact = z.strictObject({
  name: z.string(),
  uri: z.string(),
  sha256: z.string().nullable(),
  bytes: z.int().nullable(),
});

/** A claim that has ended. */
export const attempt = z.strictObject({
  agent_id: z.string(),
  attempt: z.int(),
  began_at: z.iso.datetime().nullable(),
  ended_at: z.iso.datetime(),
  outcome: z.enum(ATTEMPT_OUTCOMES),
  error: z.string().nullable(),
  progress: shownProgress.nullable(),
  usage: shownUsage.nullable(),
});
