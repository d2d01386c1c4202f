import { computed, signal } from '@preact/signals';
import { FILTERS, type Place, place } from '../place/place.ts';
import { type Calls, session } from '../session/session.ts';
import { CARD_FIELDS, type Card, cardsOf } from './card.ts';
import { COLUMNS, type Column, queryOf } from './columns.ts';
import { type AskPage, PagedList } from './paged-list.ts';

const PAGE = 100;

export interface ShownColumn {
  readonly column: Column;
  readonly list: PagedList;
}

function asking(client: Calls, column: Column, at: Place): AskPage {
  return async (cursor, withTotal) => {
    const answer = await client.listTasks({
      ...queryOf(column, at),
      fields: CARD_FIELDS,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
      ...(withTotal ? { total: true } : {}),
    });
    const { next_cursor, total, total_is_exact = true } = answer;
    return {
      cards: cardsOf(answer),
      next: next_cursor,
      ...(total === undefined ? {} : { total: { count: total, isExact: total_is_exact } }),
    };
  };
}

/** What decides on the lists: going elsewhere within them keeps them. */
const listed = computed(() => {
  const at = place.value;
  return JSON.stringify([at.project, at.sort, ...FILTERS.map((name) => at[name])]);
});

/** Another one only after signing in: a change of a project keeps the lists. */
const client = computed(() => session.value?.client);

/** The columns of the place, each with its list; other ones where the project, the filter or the order is another. */
export const columns = computed<readonly ShownColumn[]>(() => {
  // Read so that a change of it makes new lists, and nothing else does.
  void listed.value;
  const calls = client.value;
  const at = place.peek();
  if (calls === undefined || at.project === '') return [];
  return COLUMNS.map((column) => ({ column, list: new PagedList(asking(calls, column, at)) }));
});

/** Grows with each change that the board hears of, for what is shown beside the columns. */
export const changes = signal(0);

/** Asks again for all that is seen. */
export async function refreshAll(): Promise<void> {
  changes.value += 1;
  await Promise.all(columns.value.map(({ list }) => list.refresh()));
}

export function listOf(columnId: string): PagedList | undefined {
  return columns.value.find(({ column }) => column.id === columnId)?.list;
}

/** Where a card stands once its status is another, as far as that is known before the service answers. */
export function moveCard(card: Card, from: string, to: string, change: Partial<Card>): void {
  listOf(from)?.remove(card.task_id);
  listOf(to)?.insert({ ...card, ...change });
}
