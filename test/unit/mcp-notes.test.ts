import { describe, expect, it } from 'vitest';
import { cursor } from '../../src/contract/cursor.ts';
import { presentNotes } from '../../src/mcp/present/notes.ts';

const noteOf = (version: number, text: string) => ({
  version,
  at: '2026-01-01T00:00:00.000Z',
  author: 'key',
  agent_id: null,
  text,
});

describe('the notes of a task that a model is shown', () => {
  it('are all of a page that fits, with its own cursor', () => {
    const { agent_id: _, ...shown } = noteOf(2, 'Look');
    expect(presentNotes({ notes: [noteOf(2, 'Look')], count: 1, next_cursor: 'Mg' })).toEqual({
      notes: [shown],
      next_cursor: 'Mg',
    });
    expect(presentNotes({ notes: [], count: 0, next_cursor: null })).toEqual({ notes: [] });
  });

  it('end where the next does not fit, and the cursor goes on with that one', () => {
    const notes = [2, 5, 9].map((version) => noteOf(version, 'x'.repeat(7_000)));
    const shown = presentNotes({ notes, count: 3, next_cursor: null });
    expect(shown['notes']).toMatchObject([{ version: 2 }, { version: 5 }]);
    expect(cursor.parse(shown['next_cursor'])).toBe(5);
  });

  it('are shown one at a time where one alone is too long, and that is cut', () => {
    const notes = [2, 5].map((version) => noteOf(version, '語'.repeat(10_000)));
    const shown = presentNotes({ notes, count: 2, next_cursor: null });
    expect(shown['notes']).toEqual([
      expect.objectContaining({ version: 2, text: '語'.repeat(4_666), is_cut: true }),
    ]);
    expect(cursor.parse(shown['next_cursor'])).toBe(2);
  });
});
