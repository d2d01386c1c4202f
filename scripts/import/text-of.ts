import { Problem } from '../local/problem.ts';

/** The text of a file in UTF-8, without a byte order mark. Throws a Problem where it is in no UTF-8. */
export function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new Problem(`${file} is not in UTF-8: save it in that encoding`);
  }
}
