import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWayBack } from '../views/landing.ts';
import type { Action } from './actions.ts';

interface Props {
  readonly label: string;
  readonly actions: readonly Action[];
  /** Where the focus goes when it closes. */
  readonly close: () => void;
}

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/**
 * A menu of actions: arrow keys go through it, Escape closes it (WAI-ARIA Authoring Practices, menu). It has the focus at
 * once, for a key may follow right after the one that opened it.
 */
export function Menu({ label, actions, close }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const at = useSignal(0);
  const goBack = useWayBack();
  useLayoutEffect(() => float(root.current), []);
  useLayoutEffect(() => {
    root.current?.querySelectorAll<HTMLElement>('[role=menuitem]')[at.value]?.focus();
  }, [at.value]);
  const closeAndGoBack = () => {
    close();
    goBack();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = STEP[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') closeAndGoBack();
    if (step !== undefined) at.value = (at.value + step + actions.length) % actions.length;
    if (step !== undefined || event.key === 'Escape') event.preventDefault();
  };
  const choose = (action: Action) => {
    closeAndGoBack();
    void action.run();
  };
  return (
    <div
      ref={root}
      class="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocusOut={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && root.current?.contains(to))) close();
      }}
    >
      {actions.map((action, index) => (
        <button
          key={action.id}
          type="button"
          role="menuitem"
          tabIndex={index === at.value ? 0 : -1}
          class={action.isDangerous ? 'dangerous' : ''}
          onClick={() => choose(action)}
        >
          {action.label}
        </button>
      ))}
    </div>
  );
}

/** Between a menu and the edge of the window, in pixels. */
const EDGE = 8;

/** Lifts a menu out of what would clip it, to where it is whole, near what it belongs to. */
function float(menu: HTMLElement | null): void {
  const beside = menu?.parentElement?.getBoundingClientRect();
  // A browser without popovers leaves it where the style sheet puts it.
  if (menu === null || beside === undefined || !('showPopover' in menu)) return;
  menu.popover = 'manual';
  menu.showPopover();
  const { width, height } = menu.getBoundingClientRect();
  const within = (at: number, room: number) => `${Math.max(EDGE, Math.min(at, room - EDGE))}px`;
  menu.style.top = within(beside.top + 4 * EDGE, innerHeight - height);
  menu.style.left = within(beside.right - width, innerWidth - width);
}
