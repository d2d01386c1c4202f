import { useMemo } from 'preact/hooks';
import { focused } from './focus.ts';

/** Nothing has the focus: what had it is gone, and the keyboard would begin anew at the top of the page. */
export const isFocusLost = (): boolean => document.activeElement === document.body;

/**
 * Where nothing has the focus once the page is drawn, gives it to what had it before, or else to the card that the
 * keyboard was at, to the first card or node, or to what the page is about.
 */
export function focusAgain(before: Element | null = null): void {
  requestAnimationFrame(() => {
    if (!isFocusLost()) return;
    const { column = '', row = 0 } = focused.value ?? {};
    const isThere = before !== document.body && before?.isConnected === true;
    const to = isThere
      ? before
      : (document.querySelector(`[data-card="${column}:${row}"]`) ??
        document.querySelector('.card-face[tabindex="0"], .node, main'));
    if (to?.localName === 'main') to.setAttribute('tabindex', '-1');
    if (to instanceof HTMLElement || to instanceof SVGElement) to.focus({ preventScroll: true });
  });
}

/** Notes what has the focus when something opens; what it returns is called once that is closed, and gives it back. */
export function useWayBack(): () => void {
  const from = useMemo(() => document.activeElement, []);
  return () => focusAgain(from);
}
