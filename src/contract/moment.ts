import { z } from 'zod';

/** Before the year 100 and after 9999, JavaScript and PostgreSQL misread each other's moments. */
function isInKnownYear(value: string): boolean {
  const year = new Date(value).getUTCFullYear();
  return year >= 1_970 && year <= 9_999;
}

export const givenMoment = z.iso
  .datetime({
    offset: true,
    error: 'must be a moment in ISO 8601 with Z or an offset from UTC, such as 2026-01-31T09:00:00Z',
    abort: true,
  })
  .refine(isInKnownYear, { error: 'must lie in the years 1970 to 9999 of UTC', abort: true })
  // PostgreSQL accepts fewer offsets from UTC.
  .transform((value) => new Date(value).toISOString());
