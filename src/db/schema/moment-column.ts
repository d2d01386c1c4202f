import { timestamp } from 'drizzle-orm/pg-core';

/** Milliseconds, the precision of JavaScript; read as text (see sql/moment.ts). */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });
