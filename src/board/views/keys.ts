import { setPriority } from '../levers/priority.ts';
import { tell } from '../notices/notices.ts';
import { place } from '../place/place.ts';
import { may } from '../session/session.ts';
import type { Card } from '../tasks/card.ts';
import { columns, listOf } from '../tasks/lists.ts';
import { type CardPlace, focused, menuAt, shownColumn } from './focus.ts';
import { isWide } from './fold.tsx';
import { focusAgain } from './landing.ts';

const PAGE_ROWS = 10;

/** How the keys go from one card to another. */
const STEPS: Readonly<Record<string, (from: CardPlace) => CardPlace>> = {
  ArrowDown: ({ column, row }) => ({ column, row: row + 1 }),
  ArrowUp: ({ column, row }) => ({ column, row: row - 1 }),
  PageDown: ({ column, row }) => ({ column, row: row + PAGE_ROWS }),
  PageUp: ({ column, row }) => ({ column, row: row - PAGE_ROWS }),
  Home: ({ column }) => ({ column, row: 0 }),
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
  if (event.key === 'End') {
    event.preventDefault();
    void goToEnd(column);
  }
  if (event.key === 'm') {
    menuAt.value = { column, row };
    event.preventDefault();
  }
  if (/^[0-4]$/.test(event.key) && may('write') && place.value.project !== '') {
    void setPriority(card, Number(event.key), column);
  }
}

const rowsOf = ({ column }: CardPlace) => listOf(column)?.length ?? 0;

/** In the column on the right that has a card, or else on the left. */
function nearestCard(from: CardPlace): CardPlace {
  // The one that a narrow window shows is the reader's to choose.
  if (!isWide.value) return from;
  const right = beside(from, 1);
  return rowsOf(right) > 0 ? right : beside(from, -1);
}

/** Pages of a column that one press of End reads, for they come one after the other. */
const PAGES_TO_END = 30;

/** Goes to the last card of a column, or says how far it came; wherever the reader has gone meanwhile, nowhere. */
async function goToEnd(column: string): Promise<void> {
  const list = listOf(column);
  const from = focused.value;
  const isEnd = await list?.readOn(PAGES_TO_END);
  if (list === undefined || focused.value !== from) return;
  focusOn({ column, row: list.length - 1 });
  if (!isEnd) tell(`This is task ${list.length.toLocaleString()} of the column, not the last. End reads on`);
}

/** Puts the keyboard at a card, the last one of its column where it has fewer, or near a column that has none. */
export function focusOn(to: CardPlace): void {
  const { column, row } = rowsOf(to) > 0 ? to : nearestCard(to);
  const place = { column, row: Math.min(Math.max(0, row), Math.max(0, rowsOf({ column, row }) - 1)) };
  focused.value = place;
  shownColumn.value = column;
  // The card is drawn first, if it was out of sight.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const card = document.querySelector<HTMLElement>(`[data-card="${place.column}:${place.row}"]`);
      if (card === null) focusAgain();
      else card.focus({ preventScroll: true });
    }),
  );
}
