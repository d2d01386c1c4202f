import { signal } from '@preact/signals';
import { VIEWS, type View } from './views.ts';

const NAMES = [
  'project',
  'view',
  'task',
  'q',
  'label',
  'generator',
  'agent',
  'priority',
  'sort',
  'density',
] as const;

/** Where the reader is, as the address has it: what is not said is empty. A key is never part of it. */
export type Place = Readonly<Record<(typeof NAMES)[number], string>>;

function placeIn(search: string): Place {
  const given = new URLSearchParams(search);
  // Every name has its entry.
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ''])) as Place;
}

export const place = signal(placeIn(location.search));

addEventListener('popstate', () => {
  place.value = placeIn(location.search);
});

/** Goes somewhere; what is left out stays as it is. What is typed letter by letter takes no step of the history. */
export function go(change: Partial<Place>, isTyped = false): void {
  const next = { ...place.value, ...change };
  const given = Object.entries(next).filter(([, value]) => value !== '');
  const address = given.length === 0 ? location.pathname : `?${new URLSearchParams(given).toString()}`;
  if (isTyped) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  place.value = next;
}

export function viewOf({ view }: Place): View {
  return VIEWS.find((known) => known === view) ?? 'tasks';
}

/** Leaves out every filter. */
export const NO_FILTER: Partial<Place> = { q: '', label: '', generator: '', agent: '', priority: '' };

export function hasFilter(at: Place): boolean {
  return [at.q, at.label, at.generator, at.agent, at.priority].some((value) => value !== '');
}
