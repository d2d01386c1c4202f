import { setPriority } from '../levers/priority.ts';
import { place } from '../place/place.ts';
import { may } from '../session/session.ts';
import type { Card } from '../tasks/card.ts';
import { columns } from '../tasks/lists.ts';
import { type CardPlace, focused, menuAt, shownColumn } from './focus.ts';

const PAGE_ROWS = 10;

/** How the keys go from one card to another. */
const STEPS: Readonly<Record<string, (from: CardPlace) => CardPlace>> = {
  ArrowDown: ({ column, row }) => ({ column, row: row + 1 }),
  ArrowUp: ({ column, row }) => ({ column, row: row - 1 }),
  PageDown: ({ column, row }) => ({ column, row: row + PAGE_ROWS }),
  PageUp: ({ column, row }) => ({ column, row: row - PAGE_ROWS }),
  Home: ({ column }) => ({ column, row: 0 }),
  End: ({ column }) => ({ column, row: Number.MAX_SAFE_INTEGER }),
  ArrowRight: (from) => beside(from, 1),
  ArrowLeft: (from) => beside(from, -1),
};

/** The next column in that direction that has a card. */
function beside({ column, row }: CardPlace, step: number): CardPlace {
  const all = columns.value;
  const from = all.findIndex((shown) => shown.column.id === column);
  for (let at = from + step; at >= 0 && at < all.length; at += step) {
    const shown = all[at];
    if (shown !== undefined && shown.list.length > 0) return { column: shown.column.id, row };
  }
  return { column, row };
}

/** What the keys do at a card: arrows go on, m opens its menu, 0 to 4 set its priority; Enter is a click. */
export function cardKeys(event: KeyboardEvent, card: Card, column: string, row: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  if (step !== undefined) {
    event.preventDefault();
    focusOn(step({ column, row }));
    return;
  }
  if (event.key === 'm') {
    menuAt.value = { column, row };
    event.preventDefault();
  }
  if (/^[0-4]$/.test(event.key) && may('write') && place.value.project !== '') {
    void setPriority(card, Number(event.key), column);
  }
}

/** Puts the keyboard at a card, or at the last one of its column. */
export function focusOn({ column, row }: CardPlace): void {
  const list = columns.value.find((shown) => shown.column.id === column)?.list;
  const place = { column, row: Math.min(Math.max(0, row), Math.max(0, (list?.length ?? 0) - 1)) };
  focused.value = place;
  shownColumn.value = column;
  // The card is drawn first, if it was out of sight.
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-card="${place.column}:${place.row}"]`)?.focus({
        preventScroll: true,
      }),
    ),
  );
}
