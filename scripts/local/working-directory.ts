import path from 'node:path';
import { ROOT } from './worker-build.ts';

/** Resolves a path as typed. npm runs scripts in the checkout; INIT_CWD says where it was called. */
export function asTyped(typed: string, cwd = process.cwd(), env = process.env): string {
  return path.resolve(cwd === ROOT ? (env['INIT_CWD'] ?? cwd) : cwd, typed);
}
