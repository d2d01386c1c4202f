import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Action } from './actions.ts';

interface Props {
  readonly label: string;
  readonly actions: readonly Action[];
  /** Where the focus goes when it closes. */
  readonly close: () => void;
}

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** A menu of actions: arrow keys go through it, Escape closes it (WAI-ARIA Authoring Practices, menu). */
export function Menu({ label, actions, close }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const at = useSignal(0);
  useEffect(() => {
    root.current?.querySelectorAll<HTMLElement>('[role=menuitem]')[at.value]?.focus();
  }, [at.value]);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = STEP[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    if (step !== undefined) at.value = (at.value + step + actions.length) % actions.length;
    if (step !== undefined || event.key === 'Escape') event.preventDefault();
  };
  const choose = (action: Action) => {
    close();
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
