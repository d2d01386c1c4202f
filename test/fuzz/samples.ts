import type { OpenApiDocument } from './document.ts';

/** Collects the texts that the examples of a document give to each field, by its name. */
export function samplesIn(document: OpenApiDocument): ReadonlyMap<string, readonly string[]> {
  const samples = new Map<string, Set<string>>();
  const collect = (value: unknown, isExample: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (isExample && typeof inner === 'string') {
        const known = samples.get(name) ?? new Set();
        samples.set(name, known.add(inner));
      }
      collect(inner, isExample || name === 'example' || name === 'examples');
    }
  };
  collect(document, false);
  return new Map([...samples].map(([name, values]) => [name, [...values]]));
}
