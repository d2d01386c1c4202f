import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { movesOf } from '../levers/actions.ts';
import { putBefore } from '../levers/priority.ts';
import { tell } from '../notices/notices.ts';
import { place } from '../place/place.ts';
import { Problem } from '../session/answered.tsx';
import { may, reasonOf } from '../session/session.ts';
import type { Card } from '../tasks/card.ts';
import { type Column, sortOf } from '../tasks/columns.ts';
import type { ShownColumn } from '../tasks/lists.ts';
import type { PagedList, Total } from '../tasks/paged-list.ts';
import { CardView } from './card-view.tsx';
import { dragged, focused, shownColumn } from './focus.ts';
import { cardKeys, focusOn } from './keys.ts';
import { isFocusLost } from './landing.ts';

/** In pixels, as the style sheet has them. */
const ROW = { comfortable: 104, dense: 58 };
/** Rows beside those that are seen, so that a quick scroll shows no gap. */
const SPARE = 6;

const counted = (total: Total | null) =>
  total === null ? '…' : `${total.count.toLocaleString()}${total.isExact ? '' : '+'}`;

/** A column, of which the page has only the cards that are seen. */
export function ColumnView({ column, list }: ShownColumn) {
  const gap = useSignal(-1);
  const height = place.value.density === 'dense' ? ROW.dense : ROW.comfortable;
  const total = list.total.value;
  const problem = list.problem.value;
  const rowUnder = (section: HTMLElement, y: number) => {
    const top = section.querySelector('ul')?.getBoundingClientRect().top ?? 0;
    return Math.min(list.length, Math.max(0, Math.round((y - top) / height)));
  };
  const title = `column-${column.id}`;
  return (
    <section
      class={`column ${column.id}${shownColumn.value === column.id ? ' shown' : ''}`}
      aria-labelledby={title}
      onDragOver={(event) => {
        event.preventDefault();
        gap.value = mayOrder(column) ? rowUnder(event.currentTarget, event.clientY) : -1;
      }}
      onDragLeave={() => {
        gap.value = -1;
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (gap.value < 0) dropInto(column);
        else if (dragged.value !== null) putBefore(gap.value, dragged.value.card, list);
        gap.value = -1;
      }}
    >
      <h2 id={title}>
        <span aria-hidden="true">{column.mark}</span> {column.title}{' '}
        <span class="count">{counted(total)}</span>
      </h2>
      {problem !== null && (
        <Problem>
          {reasonOf(problem)}{' '}
          <button type="button" onClick={() => void list.refresh()}>
            Try again
          </button>
        </Problem>
      )}
      <Rows column={column} list={list} height={height} gap={gap.value} />
    </section>
  );
}

function Rows({ column, list, height, gap }: ShownColumn & { height: number; gap: number }) {
  const box = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const seen = useSignal(600);
  const rows = list.length;
  const first = Math.max(0, Math.floor(scrolled.value / height) - SPARE);
  const last = Math.ceil((scrolled.value + seen.value) / height) + SPARE;
  // A list of another filter asks for its first page, too.
  useEffect(() => void list.show(first, last), [list, first, last]);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      seen.value = entry?.contentRect.height ?? seen.value;
    });
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  // The card with the focus may have gone to another column.
  useEffect(() => {
    if (focused.value?.column === column.id && isFocusLost() && place.value.task === '')
      focusOn({ column: column.id, row: focused.value.row });
  }, [list.pages.value]);
  useEffect(() => {
    if (focused.value?.column === column.id) reach(box.current, focused.value.row, height);
  }, [focused.value]);
  return (
    <div
      ref={box}
      class="rows"
      onScroll={(event) => {
        scrolled.value = event.currentTarget.scrollTop;
      }}
    >
      <ul style={{ height: `${rows * height}px` }} aria-busy={list.pages.value.length === 0}>
        {cardsIn(list, first, Math.min(last, rows)).map(({ card, row }) => (
          <CardView
            key={card.task_id}
            card={card}
            column={column.id}
            row={row}
            rows={Math.max(rows, list.total.value?.count ?? 0)}
            top={row * height}
            onKeyDown={(event) => cardKeys(event, card, column.id, row)}
          />
        ))}
        {gap >= 0 && (
          <li class="gap" role="presentation" style={{ transform: `translateY(${gap * height}px)` }} />
        )}
      </ul>
      {rows === 0 && list.isAtEnd && <p class="empty">Nothing here</p>}
    </div>
  );
}

function cardsIn(list: PagedList, first: number, last: number): { card: Card; row: number }[] {
  const found: { card: Card; row: number }[] = [];
  for (let row = first; row < last; row += 1) {
    const card = list.at(row);
    if (card !== undefined) found.push({ card, row });
  }
  return found;
}

/** Scrolls to a row as far as needed, and gives its card the focus once it is there. */
function reach(box: HTMLDivElement | null, row: number, height: number): void {
  if (box === null) return;
  const [top, bottom] = [row * height, (row + 1) * height];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

/** Whether the dragged card is of this column, and takes a priority of its neighbours where it is dropped. */
const mayOrder = (column: Column) =>
  dragged.value?.column === column.id && sortOf(column, place.value) === 'priority' && may('write');

/** A card that is dropped makes the move that leads to this column, where it allows one. */
function dropInto({ id, title, status }: Column): void {
  if (dragged.value === null || dragged.value.column === id) return;
  const { card, column } = dragged.value;
  const action = movesOf(card, column).find(({ id: move }) => move.replace('-reset', '') === status);
  if (action === undefined) tell(`${card.task_id} cannot be moved to ${title} from where it is`);
  else void action.run();
}
