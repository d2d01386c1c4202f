import { timestamp } from 'drizzle-orm/pg-core';

/** A column for a moment: with its time zone, in milliseconds, which JavaScript knows; read as text (see sql/moment.ts). */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });
