import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

const wide = matchMedia('(min-width: 48.01rem)');

/** Whether there is room for columns side by side, as the style sheet has it. */
export const isWide = signal(wide.matches);

wide.addEventListener('change', () => {
  isWide.value = wide.matches;
});

/** What a narrow window shows only to who asks for it. */
export function Fold({ label, children }: { label: string; children: ComponentChildren }) {
  if (isWide.value) return <>{children}</>;
  return (
    <details class="fold">
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}
