const JSON_TYPE = /^application\/json[\t ]*(;|$)/i;
/** A parameter: its name, and its value where that is quoted and where it is not (RFC 9110, section 5.6.6). */
const PARAMETER = /;[\t ]*([^;="\t ]+)[\t ]*=[\t ]*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;
const QUOTED_PAIR = /\\(.)/g;

/** Whether the value of Content-Type names JSON (RFC 9110, section 8.3.1). */
export function isJsonType(type: string): boolean {
  return JSON_TYPE.test(type);
}

/**
 * The charset that the value of Content-Type names, quoted or not; undefined where that is UTF-8, under either of its
 * usual labels (WHATWG Encoding, section 4.2), or not said.
 */
export function otherCharsetIn(type: string): string | undefined {
  for (const [, name = '', quoted, plain = ''] of type.matchAll(PARAMETER)) {
    if (name.toLowerCase() !== 'charset') continue;
    const charset = quoted?.replaceAll(QUOTED_PAIR, '$1') ?? plain.trim();
    return /^(utf-?8)?$/i.test(charset) ? undefined : charset;
  }
  return undefined;
}

/** The codings that the value of Content-Encoding lists (RFC 9110, section 8.4); `identity` is none. */
export function codingsIn(encoding: string): string[] {
  const codings = encoding.split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'identity');
}
