import { effect, signal } from '@preact/signals';
import { place } from '../place/place.ts';
import { reloadProjects, session } from '../session/session.ts';
import { follow } from './feed.ts';
import { columns, refreshAll } from './lists.ts';

/** Whether what is shown is kept up with what happens. */
export const isLive = signal(false);

/** Short enough to be called live, long enough that a burst is one question. */
const SETTLE_MS = 250;
/** Under a steady stream of changes. */
const BETWEEN_MS = 1_500;

/** Without the feed, or after a failure, the board asks by itself. */
const BY_ITSELF_MS = 10_000;

let due: ReturnType<typeof setTimeout> | undefined;
let refreshedAt = Number.NEGATIVE_INFINITY;

/** Asks again soon, and not more often than is good for the service. */
export function refreshSoon(): void {
  if (due !== undefined) return;
  const wait = Math.max(SETTLE_MS, refreshedAt + BETWEEN_MS - performance.now());
  due = setTimeout(() => {
    due = undefined;
    refreshedAt = performance.now();
    void refreshAll();
  }, wait);
}

/** Quiet heartbeats and delays that are over are no events. */
const WITHOUT_EVENTS_MS = 30_000;

setInterval(() => {
  const isOld = performance.now() - refreshedAt >= WITHOUT_EVENTS_MS;
  if (isOld || !isLive.value || columns.value.some(({ list }) => list.problem.value)) refreshSoon();
}, BY_ITSELF_MS);

/** Follows the project of the place for as long as somebody is signed in; returns what ends it. */
export function keepLive(): () => void {
  let following: AbortController | undefined;
  let followed = '';
  return effect(() => {
    const current = session.value;
    const { project } = place.value;
    const wanted = current === null || project === '' ? '' : `${current.key}\n${project}`;
    if (wanted === followed) return;
    followed = wanted;
    following?.abort();
    isLive.value = false;
    if (current === null || project === '') return;
    following = new AbortController();
    void follow(project, current.key, following.signal, {
      hear: (events) => {
        if (events.some(({ type }) => type === 'project_changed')) void reloadProjects();
        refreshSoon();
      },
      lose: () => {
        void reloadProjects();
        refreshSoon();
      },
      tellLive: (live) => {
        isLive.value = live;
      },
      refuse: refreshSoon,
    });
  });
}
