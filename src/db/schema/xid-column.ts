import { customType } from 'drizzle-orm/pg-core';

/** The 64-bit id of a transaction (PostgreSQL manual, 8.19), as text. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
