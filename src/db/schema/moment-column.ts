import { timestamp } from 'drizzle-orm/pg-core';

/** A column for a moment: with its time zone, in the milliseconds that JavaScript knows. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
