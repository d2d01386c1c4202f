import { signal } from '@preact/signals';
import { reasonOf } from '../session/session.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
  readonly undo: (() => Promise<void>) | undefined;
}

const SHOWN_MS = 8_000;
const MOST = 4;

let count = 0;

/** What happened, the newest last; screen readers hear each. */
export const notices = signal<readonly Notice[]>([]);

/** Says something for a while; a problem stays until somebody closes it. */
export function tell(text: string, undo?: () => Promise<void>, isProblem = false): void {
  count += 1;
  const notice = { id: count, text, isProblem, undo };
  notices.value = [...notices.value, notice].slice(-MOST);
  if (!isProblem) setTimeout(() => close(notice.id), SHOWN_MS);
}

/** Says the service's sentence about a failure. */
export function tellProblem(error: unknown): void {
  tell(reasonOf(error), undefined, true);
}

export function close(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
