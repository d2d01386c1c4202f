import type { z } from 'zod';
import type { shownNeed } from '../contract/needs.ts';
import type { ExplainedNeed } from '../domain/explain.ts';

/** Needs as clients see them: without who works on what is needed. */
export function toShownNeeds(needs: readonly ExplainedNeed[]): z.infer<typeof shownNeed>[] {
  return needs.map(({ holder: _, ...need }) => need);
}
