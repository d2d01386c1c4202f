import type { Card } from './card.ts';

/** From the most urgent on, each at the place of its number. */
export const PRIORITIES = ['0, most urgent', '1', '2, usual', '3', '4, least urgent'] as const;

type Ranked = Pick<Card, 'priority' | 'created_at'>;

/** Where equals stand in the order of their creation. */
const isBefore = (one: Ranked, other: Ranked) =>
  one.priority < other.priority || (one.priority === other.priority && one.created_at < other.created_at);

/**
 * The priority with which a card stands between two others in the order of priority, as near to its own as possible.
 * Where none leads right there, because equals stand in the order of their creation, `isExact` is false, and it is one
 * of theirs.
 */
export function priorityBetween(
  card: Ranked,
  above: Ranked | undefined,
  below: Ranked | undefined,
): { readonly priority: number; readonly isExact: boolean } {
  const least = above?.priority ?? 0;
  const most = below?.priority ?? PRIORITIES.length - 1;
  const fits = (moved: Ranked) =>
    (above === undefined || isBefore(above, moved)) && (below === undefined || isBefore(moved, below));
  let best = { priority: least, isExact: false };
  for (let priority = least; priority <= most; priority += 1) {
    const found = { priority, isExact: fits({ ...card, priority }) };
    const distance = ({ priority: one, isExact }: typeof best) =>
      Math.abs(one - card.priority) - (isExact ? PRIORITIES.length : 0);
    if (distance(found) < distance(best)) best = found;
  }
  return best;
}
