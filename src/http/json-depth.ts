const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Sets the one bit in which the ASCII codes of [ and {, and those of ] and }, differ. */
const SQUARE_TO_CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/**
 * Whether arrays and objects are nested more than `limit` deep in JSON text (RFC 8259, section 9), told by one pass
 * over its bytes before anything is built of them. In UTF-8 the signs of JSON are never part of another character.
 */
export function isNestedDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index] ?? 0;
    const sign = byte | SQUARE_TO_CURLY;
    if (byte === QUOTE) index = endOfString(json, index);
    else if (sign === CLOSING) depth -= 1;
    else if (sign === OPENING) {
      depth += 1;
      if (depth > limit) return true;
    }
  }
  return false;
}

/** The place of the quote that closes the string which another one opens; behind the end where none does. */
function endOfString(json: Uint8Array, opening: number): number {
  let index = opening + 1;
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1;
  return index;
}
