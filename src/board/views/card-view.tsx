import { actionsOf } from '../levers/actions.ts';
import { Menu } from '../levers/menu.tsx';
import { go } from '../place/place.ts';
import type { Card } from '../tasks/card.ts';
import { now } from '../text/clock.ts';
import { ago, duration } from '../text/words.ts';
import { dragged, focused, isAt, menuAt } from './focus.ts';

interface Props {
  readonly card: Card;
  readonly column: string;
  readonly row: number;
  readonly rows: number;
  readonly top: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** One task in a column. */
export function CardView({ card, column, row, rows, top, onKeyDown }: Props) {
  const isFirst = focused.value?.column === column ? isAt(focused.value, column, row) : row === 0;
  const isOpen = isAt(menuAt.value, column, row);
  return (
    <li
      class={`card p${card.priority}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-posinset={row + 1}
      aria-setsize={rows}
      draggable
      onDragEnd={() => {
        dragged.value = null;
      }}
      onDragStart={(event) => {
        dragged.value = { card, column };
        // Without data, Firefox drags nothing.
        event.dataTransfer?.setData('text/plain', card.task_id);
      }}
    >
      <button
        type="button"
        class="card-face"
        data-card={`${column}:${row}`}
        tabIndex={isFirst ? 0 : -1}
        onClick={() => go({ task: card.task_id })}
        onFocus={() => {
          focused.value = { column, row };
        }}
        onKeyDown={onKeyDown}
      >
        <span class="card-top">
          <strong>{card.task_id}</strong>
          <span class="priority" title={`Priority ${card.priority}`}>
            P{card.priority}
          </span>
        </span>
        <span class="card-text" dir="auto">
          {card.description}
        </span>
        <span class="card-facts">
          <Facts card={card} />
        </span>
      </button>
      <CardMenu card={card} column={column} row={row} isOpen={isOpen} />
    </li>
  );
}

/** How long a lease has left, or how long ago the task changed, and what stands in its way. */
function Facts({ card }: { card: Card }) {
  const { claimed_by, lease_expires_at, labels, attempt, max_attempts, unmet_needs, note_count } = card;
  const lease = lease_expires_at === null ? 0 : Date.parse(lease_expires_at) - now.value;
  const due = [card.not_before, card.retry_at].find((at) => at !== null && Date.parse(at) > now.value);
  return (
    <>
      {claimed_by !== null && (
        <span dir="auto">
          {claimed_by} · {lease > 0 ? `${duration(lease)} left` : 'lease expired'}
        </span>
      )}
      {due != null && <span>due {ago(due, now.value)}</span>}
      {unmet_needs > 0 && <span>waits for {unmet_needs}</span>}
      {attempt > 0 && (
        <span>
          attempt {attempt} of {max_attempts}
        </span>
      )}
      {note_count > 0 && <span>✎ {note_count}</span>}
      {labels.slice(0, 3).map((label) => (
        <span key={label} class="label" dir="auto">
          {label}
        </span>
      ))}
      <span>{ago(card.updated_at, now.value)}</span>
    </>
  );
}

function CardMenu({
  card,
  column,
  row,
  isOpen,
}: Pick<Props, 'card' | 'column' | 'row'> & { isOpen: boolean }) {
  const actions = actionsOf(card, column);
  if (actions.length === 0) return null;
  const close = () => {
    if (!isAt(menuAt.value, column, row)) return;
    menuAt.value = null;
    document.querySelector<HTMLElement>(`[data-card="${column}:${row}"]`)?.focus();
  };
  return (
    <>
      <button
        type="button"
        class="card-more"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`What to do with ${card.task_id}`}
        tabIndex={-1}
        onClick={() => {
          menuAt.value = { column, row };
        }}
      >
        ⋯
      </button>
      {isOpen && <Menu label={`What to do with ${card.task_id}`} actions={actions} close={close} />}
    </>
  );
}
