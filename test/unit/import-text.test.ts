import { describe, expect, it } from 'vitest';
import { textOf } from '../../scripts/import/text-of.ts';

describe('the text of a list', () => {
  it('is read without its byte order mark', () => {
    expect(textOf(Buffer.from('\uFEFFcafé'), 'a.md')).toBe('café');
  });

  it.each([['latin1'], ['utf16le']] as const)('in %s is refused', (encoding) => {
    const bytes = Buffer.from('\uFEFFcafé ÿ', encoding);
    expect(() => textOf(bytes, 'a.md')).toThrow('a.md is not in UTF-8: save it in that encoding');
  });
});
