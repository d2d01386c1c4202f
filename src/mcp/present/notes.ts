import type { z } from 'zod';
import { encodeCursor } from '../../contract/cursor.ts';
import type { listNotesOutput } from '../../contract/notes.ts';
import type { Shown } from '../tool.ts';
import { bytesOf, MAX_BYTES, partOf } from './cut.ts';
import { filled } from './task.ts';

/** Beside the text of a note: its other fields, the cursor and what holds them together. */
const FRAME_BYTES = 2_000;

/** As many notes as fit, the oldest first; `next_cursor` reads on. A text that does not fit alone is cut. */
export function presentNotes({ notes, next_cursor }: z.output<typeof listNotesOutput>): Shown {
  const shown: Shown[] = [];
  let left = MAX_BYTES - FRAME_BYTES;
  for (const note of notes) {
    const { value: text, end } = partOf(note.text, 0, MAX_BYTES - 2 * FRAME_BYTES);
    const one = { ...filled({ ...note, text }), ...(end < note.text.length ? { is_cut: true } : {}) };
    left -= bytesOf(one) + 1;
    if (left < 0 && shown.length > 0) break;
    shown.push(one);
  }
  const last = notes[shown.length - 1];
  const cursor = shown.length < notes.length && last !== undefined ? encodeCursor(last.version) : next_cursor;
  return { notes: shown, ...(cursor === null ? {} : { next_cursor: cursor }) };
}
