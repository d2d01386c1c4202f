const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export type Place = readonly (string | number)[];

export interface JsonStructure {
  /** Nested deeper than the limit; the rest of the text was not read. */
  readonly isTooDeep: boolean;
  /** Members that share a name with another of their object: the first places, each once, and how many. */
  readonly repeated: { readonly places: readonly Place[]; readonly count: number };
}

/**
 * Reads the structure of JSON text (RFC 8259) in one pass and linear time. Compares names with escapes resolved, lists
 * at most `mostPlaces`, and never throws on text that is not JSON.
 */
export function structureOf(json: string, depthLimit: number, mostPlaces: number): JsonStructure {
  const levels: Level[] = [];
  const places: Place[] = [];
  let count = 0;
  for (let index = 0; index < json.length; index += 1) {
    switch (json.charCodeAt(index)) {
      case QUOTE: {
        const end = endOfString(json, index);
        const isRepeated = levels.at(-1)?.take(json, index, end);
        if (isRepeated && ++count <= mostPlaces) places.push(levels.map((level) => level.position));
        index = end;
        break;
      }
      case COMMA:
        levels.at(-1)?.goOn();
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (levels.length >= depthLimit) return { isTooDeep: true, repeated: { places, count } };
        levels.push(new Level(json.charCodeAt(index) === OPEN_OBJECT));
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        levels.pop();
        break;
    }
  }
  return { isTooDeep: false, repeated: { places, count } };
}

class Level {
  readonly #isObject: boolean;
  #awaitsName: boolean;
  #index = 0;
  #name = '';
  #names: Set<string> | undefined;
  #repeated: Set<string> | undefined;

  constructor(isObject: boolean) {
    this.#isObject = isObject;
    this.#awaitsName = isObject;
  }

  get position(): string | number {
    return this.#isObject ? this.#name.slice(1) : this.#index;
  }

  goOn(): void {
    this.#awaitsName = this.#isObject;
    this.#index += 1;
  }

  /** Takes a string; tells whether it is a name that comes for the second time. */
  take(json: string, opening: number, end: number): boolean {
    if (!this.#awaitsName) return false;
    this.#awaitsName = false;
    // The quote stays on: V8 does not seed the hashes of numeric strings, so a sender could make them collide.
    const name = nameIn(json, opening, end);
    const first = this.#name;
    this.#name = name;
    if (first === '') return false;
    this.#names ??= new Set([first]);
    const { size } = this.#names;
    if (this.#names.add(name).size > size) return false;
    this.#repeated ??= new Set();
    return this.#repeated.size < this.#repeated.add(name).size;
  }
}

/** The index of the closing quote, or the text's length. */
function endOfString(json: string, opening: number): number {
  let end = opening;
  do end = json.indexOf('"', end + 1);
  while (end !== -1 && isEscaped(json, end));
  return end === -1 ? json.length : end;
}

/** An odd number of backslashes precedes the quote. */
function isEscaped(json: string, index: number): boolean {
  let first = index;
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (index - first) % 2 === 1;
}

/** The name with its opening quote, escapes resolved; invalid JSON stays as it is. */
function nameIn(json: string, opening: number, end: number): string {
  const name = json.slice(opening, end);
  if (!name.includes('\\')) return name;
  try {
    return `"${JSON.parse(json.slice(opening, end + 1))}`;
  } catch {
    return name;
  }
}
