import { customType } from 'drizzle-orm/pg-core';

/** What a text search looks into. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
