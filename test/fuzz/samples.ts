import type { OpenApiDocument } from './document.ts';

/** What an example may give to a field. */
export type Sample = string | number;

/** Collects the texts and numbers that the examples of a document give to each field, by its name. */
export function samplesIn(document: OpenApiDocument): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Set<Sample>>();
  const collect = (value: unknown, isExample: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (isExample && (typeof inner === 'string' || typeof inner === 'number')) {
        const known = samples.get(name) ?? new Set();
        samples.set(name, known.add(inner));
      }
      collect(inner, isExample || name === 'example' || name === 'examples');
    }
  };
  collect(document, false);
  return new Map([...samples].map(([name, values]) => [name, [...values]]));
}
