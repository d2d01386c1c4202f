/** The bytes of a text in base64, one a character; undefined for a text that is none. */
export function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** Encodes bytes, one a character, in base64url without padding (RFC 4648, section 5). */
export function encodeBase64Url(bytes: string): string {
  return btoa(bytes).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
}

/** The bytes of a text in base64url, one a character; undefined for a text that is none. */
export function decodeBase64Url(text: string): string | undefined {
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}
