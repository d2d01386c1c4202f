const STEPS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A length of time in its largest unit, or the two largest below an hour. */
export function duration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const [size, unit] = STEPS.find(([step]) => length >= step) ?? [1_000, 's'];
  const whole = Math.floor(length / size);
  const rest = Math.floor((length % size) / 1_000);
  return unit === 'min' && rest > 0 ? `${whole} min ${rest} s` : `${whole} ${unit}`;
}

/** How long ago a moment was, or how long it is until then. */
export function ago(moment: string, now: number): string {
  const passed = now - Date.parse(moment);
  return passed < 0 ? `in ${duration(-passed)}` : `${duration(passed)} ago`;
}

/** A moment as the reader writes it. */
export function written(moment: string): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Millionths of a US dollar. */
export function cost(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(micros < 10_000 && micros > 0 ? 4 : 2)}`;
}

export function many(count: number, what: string): string {
  return `${count.toLocaleString()} ${what}${count === 1 ? '' : 's'}`;
}

/** `in_progress` as people write it. */
export function spoken(name: string): string {
  return name.replaceAll('_', ' ');
}

/** The first so many characters, whole code points. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${[...text.slice(0, characters + 1)].slice(0, characters).join('')}…`;
}
