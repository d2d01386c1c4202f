import { signal } from '@preact/signals';
import type { Card } from './card.ts';

export interface PageAnswer {
  readonly cards: readonly Card[];
  readonly next: string | null;
  /** Only where it was asked for. */
  readonly total?: Total;
}

export interface Total {
  readonly count: number;
  readonly isExact: boolean;
}

/** Asks the service for the page at a cursor, the first without one. */
export type AskPage = (cursor: string | undefined, withTotal: boolean) => Promise<PageAnswer>;

interface Page {
  readonly cursor: string | undefined;
  /** Null where they were dropped, to be asked for again. */
  readonly cards: readonly Card[] | null;
  readonly count: number;
  readonly next: string | null;
}

/** Pages on either side of what is seen that stay in memory. */
const KEPT = 5;
/** How many rows before the end of what is known the next page is asked for. */
const AHEAD = 30;

/**
 * A list of which only what is near the reader is in memory. Pages follow each other by cursors, so rows are known as
 * far as they have been read; what the service says replaces what is here.
 */
export class PagedList {
  readonly pages = signal<readonly Page[]>([]);
  readonly total = signal<Total | null>(null);
  /** Why the last question failed, for as long as it does. */
  readonly problem = signal<unknown>(null);
  readonly #ask: AskPage;
  #seen = { first: 0, last: 0 };
  #until = 0;
  #isStale = false;
  #work: Promise<void> | undefined;

  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  /** How many rows are known. */
  get length(): number {
    return this.pages.value.reduce((sum, { count }) => sum + count, 0);
  }

  get isAtEnd(): boolean {
    return this.pages.value.at(-1)?.next === null;
  }

  /** The card in a row; undefined where it is not in memory. */
  at(row: number): Card | undefined {
    let before = 0;
    for (const { cards, count } of this.pages.value) {
      if (row < before + count) return cards?.[row - before];
      before += count;
    }
    return undefined;
  }

  /** Loads what these rows need, and drops what is far from them. */
  show(first: number, last: number): Promise<void> {
    this.#seen = { first, last };
    return this.#settle();
  }

  /** Reads on to the end, at most so many pages, without a look at them; false where there is more. */
  async readOn(pages: number): Promise<boolean> {
    for (let read = 0; read < pages && !this.isAtEnd && this.problem.value === null; read += 1) {
      this.#until = this.length;
      await this.#settle();
    }
    this.#until = 0;
    return this.isAtEnd;
  }

  /** Asks again for what is seen. */
  refresh(): Promise<void> {
    this.#isStale = true;
    return this.#settle();
  }

  /** Takes a card out before the service has answered. */
  remove(taskId: string): void {
    this.pages.value = this.pages.value.map((page) => {
      const cards = page.cards?.filter((card) => card.task_id !== taskId) ?? null;
      return cards === null ? page : { ...page, cards, count: cards.length };
    });
    this.#count(-1);
  }

  /** Puts a card after another one, or first, before the service has answered. */
  insert(card: Card, after?: string): void {
    const isAfter = ({ task_id }: Card) => task_id === after;
    const at = after === undefined ? 0 : this.pages.value.findIndex(({ cards }) => cards?.some(isAfter));
    const known = this.pages.value[at]?.cards;
    if (known == null) return;
    const place = known.findIndex(isAfter) + 1;
    const cards = [...known.slice(0, place), card, ...known.slice(place)];
    this.pages.value = this.pages.value.map((page, index) =>
      index === at ? { ...page, cards, count: cards.length } : page,
    );
    this.#count(1);
  }

  /** Shows other facts of a card before the service has answered. */
  replace(card: Card): void {
    this.pages.value = this.pages.value.map((page) => {
      const cards = page.cards?.map((known) => (known.task_id === card.task_id ? card : known)) ?? null;
      return { ...page, cards };
    });
  }

  #count(change: number): void {
    const total = this.total.value;
    if (total !== null) this.total.value = { ...total, count: Math.max(0, total.count + change) };
  }

  #settle(): Promise<void> {
    this.#work ??= this.#settleAll().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  async #settleAll(): Promise<void> {
    try {
      while (await this.#step());
      this.problem.value = null;
    } catch (error) {
      this.#isStale = true;
      this.problem.value = error;
    }
  }

  /** Loads one page, the most needed one; false where nothing is missing. */
  async #step(): Promise<boolean> {
    if (this.#isStale) return await this.#reload();
    const { first, last } = this.#near();
    const missing = this.pages.value.findIndex(
      ({ cards }, at) => cards === null && at >= first && at <= last,
    );
    if (missing >= 0) await this.#load(missing);
    else if (this.#wantsMore()) await this.#load(this.pages.value.length);
    else return false;
    this.#drop();
    return true;
  }

  #wantsMore(): boolean {
    if (this.pages.value.length === 0) return true;
    return !this.isAtEnd && Math.max(this.#seen.last, this.#until) + AHEAD >= this.length;
  }

  async #reload(): Promise<boolean> {
    this.#isStale = false;
    const { first, last } = this.#near();
    if (first > 0) this.total.value = (await this.#ask(undefined, true)).total ?? null;
    for (let at = first; at <= Math.min(last, this.pages.value.length - 1); at += 1) await this.#load(at);
    if (this.pages.value.length === 0) await this.#load(0);
    return true;
  }

  async #load(at: number): Promise<void> {
    const before = this.pages.value;
    const cursor = at === 0 ? undefined : (before[at - 1]?.next ?? undefined);
    const { cards, next, total } = await this.#ask(cursor, at === 0);
    if (total !== undefined) this.total.value = total;
    const now = this.pages.value;
    // What comes after a page that ends elsewhere is another page now.
    const rest = now[at]?.next === next ? now.slice(at + 1) : [];
    this.pages.value = [...now.slice(0, at), { cursor, cards, count: cards.length, next }, ...rest];
  }

  /** The pages of the rows that are seen. */
  #near(): { first: number; last: number } {
    let rows = 0;
    let first = 0;
    let last = 0;
    for (const [at, { count }] of this.pages.value.entries()) {
      if (rows <= this.#seen.first) first = at;
      if (rows <= this.#seen.last) last = at;
      rows += count;
    }
    return { first, last };
  }

  #drop(): void {
    const { first, last } = this.#near();
    const isFar = (at: number) => at < first - KEPT || at > last + KEPT;
    if (!this.pages.value.some(({ cards }, at) => cards !== null && isFar(at))) return;
    this.pages.value = this.pages.value.map((page, at) => (isFar(at) ? { ...page, cards: null } : page));
  }
}
