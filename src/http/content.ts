const JSON_TYPE = /^application\/json[\t ]*(;|$)/i;
/** Name, quoted value and unquoted value (RFC 9110, section 5.6.6). */
const PARAMETER = /;[\t ]*([^;="\t ]+)[\t ]*=[\t ]*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;
const QUOTED_PAIR = /\\(.)/g;

/** Whether the value of Content-Type names JSON (RFC 9110, section 8.3.1). */
export function isJsonType(type: string): boolean {
  return JSON_TYPE.test(type);
}

/** The charset of a Content-Type; undefined for UTF-8 by either label (WHATWG Encoding, section 4.2), or none. */
export function otherCharsetIn(type: string): string | undefined {
  for (const [, name = '', quoted, plain = ''] of type.matchAll(PARAMETER)) {
    if (name.toLowerCase() !== 'charset') continue;
    const charset = quoted?.replaceAll(QUOTED_PAIR, '$1') ?? plain.trim();
    return /^(utf-?8)?$/i.test(charset) ? undefined : charset;
  }
  return undefined;
}

/** The codings of a Content-Encoding (RFC 9110, section 8.4); `identity` is none. */
export function codingsIn(encoding: string): string[] {
  const codings = encoding.split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'identity');
}
