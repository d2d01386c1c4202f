const MINUTE_MS = 60_000;

/** A moment in ISO 8601 as an input of the type datetime-local has it, in the time of this machine; empty if it is none. */
export function fieldOf(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

/** The moment that such an input has, in ISO 8601 and UTC; empty if it has none. */
export function momentOf(field: string): string {
  const at = new Date(field);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
