import { isRecord } from '../../src/domain/record.ts';

/** Counts the fields that a list has and the reading of it has not, by their names. */
export class DroppedFields {
  readonly #counts = new Map<string, number>();

  /** Compares what was given with what a schema has left of it, at every depth. */
  compare(given: unknown, taken: unknown, path = ''): void {
    if (Array.isArray(given) && Array.isArray(taken)) {
      for (const [index, each] of given.entries()) this.compare(each, taken[index], path);
      return;
    }
    if (!isRecord(given) || !isRecord(taken)) return;
    for (const [name, value] of Object.entries(given)) {
      const field = `${path}${name}`;
      if (Object.hasOwn(taken, name)) this.compare(value, taken[name], `${field}.`);
      else if (!isEmpty(value)) this.add(field);
    }
  }

  add(field: string): void {
    this.#counts.set(field, (this.#counts.get(field) ?? 0) + 1);
  }

  /** A sentence with all of them, or none. */
  remarks(): string[] {
    const told = [...this.#counts].map(([field, count]) => `${field} (${count})`);
    return told.length === 0 ? [] : [`Fields not taken, and how often they came: ${told.join(', ')}`];
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
