import path from 'node:path';
import { ROOT } from './worker-build.ts';

/**
 * The path that is meant by whoever typed it. npm runs a script in the checkout, wherever it was called, and says in
 * INIT_CWD where that was.
 */
export function asTyped(typed: string, cwd = process.cwd(), env = process.env): string {
  return path.resolve(cwd === ROOT ? (env['INIT_CWD'] ?? cwd) : cwd, typed);
}
