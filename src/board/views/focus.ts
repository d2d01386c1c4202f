import { signal } from '@preact/signals';
import type { Card } from '../tasks/card.ts';

/** The card that the keyboard is at. */
export interface CardPlace {
  readonly column: string;
  readonly row: number;
}

export const focused = signal<CardPlace | null>(null);

/** The card whose menu is open. */
export const menuAt = signal<CardPlace | null>(null);

/** The card that is dragged, and its column. */
export const dragged = signal<{ readonly card: Card; readonly column: string } | null>(null);

/** The column that a phone shows. */
export const shownColumn = signal('ready');

export const isAt = (place: CardPlace | null, column: string, row: number): boolean =>
  place?.column === column && place.row === row;
