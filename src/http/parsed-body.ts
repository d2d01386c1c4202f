import { refusal } from '../domain/errors/index.ts';
import type { AppContext } from './context.ts';

/** The body that the chain has read, parsed once. Refuses with `malformed_json`. */
export function parsedBodyOf(c: AppContext): unknown {
  try {
    return JSON.parse(c.get('bodyText') ?? '');
  } catch {
    throw refusal('malformed_json', {});
  }
}
