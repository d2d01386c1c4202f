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
  'priority_min',
  'priority_max',
  'created_after',
  'created_before',
  'updated_after',
  'updated_before',
  'sort',
  'density',
] as const;

/** Where the reader is, as the address has it: what is not said is empty. A key is never part of it. */
export type Place = Readonly<Record<(typeof NAMES)[number], string>>;

function placeIn(search: string): Place {
  const given = new URLSearchParams(search);
  // A link of before had one priority for both bounds.
  const priority = given.get('priority');
  if (priority !== null) for (const name of ['priority_min', 'priority_max']) given.set(name, priority);
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

/** The parts of a place that narrow its tasks down. */
export const FILTERS = NAMES.filter((name) => !['project', 'view', 'task', 'sort', 'density'].includes(name));

/** Leaves out every filter. */
export const NO_FILTER: Partial<Place> = Object.fromEntries(FILTERS.map((name) => [name, '']));

/** How many filters a place has. */
export function filterCount(at: Place): number {
  return FILTERS.filter((name) => at[name] !== '').length;
}
