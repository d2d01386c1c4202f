import type { SQL } from 'drizzle-orm/sql';
import { type Note, note } from '../contract/notes.ts';
import { datedColumns } from '../db/sql/dated-columns.ts';
import type { RawRow } from '../db/statement.ts';

// The contract's fields are columns of the table.
const NAMES = Object.keys(note.shape);

/** The columns of a Note; `alias` has the columns of the table. */
export function noteColumns(alias: string): SQL {
  return datedColumns(alias, NAMES);
}

/** Takes the columns of noteColumns out of a row. */
export function toNote(row: RawRow): Note {
  // The columns' types and NOT NULL constraints guarantee the values.
  return Object.fromEntries(NAMES.map((name) => [name, row[name]])) as Note;
}
