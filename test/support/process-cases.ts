import { inject } from 'vitest';

/** The cases of a test that starts a process for each: the first in the short form, every one in the full form. */
export function processCases<Case>(...cases: Case[]): Case[] {
  return inject('form').everyCell ? cases : cases.slice(0, 1);
}
