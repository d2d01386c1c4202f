import { type Metadata, metadata } from '../../src/contract/labels.ts';
import { LIMITS } from '../../src/domain/task.ts';

/** The labels that a task can have, each once, and the others. */
export function fittingLabels(given: readonly string[]): { fitting: string[]; others: string[] } {
  const fits = (label: string) => label !== '' && [...label].length <= LIMITS.labelCharacters;
  const all = [...new Set(given)];
  const fitting = all.filter(fits).slice(0, LIMITS.labels);
  return { fitting, others: all.filter((label) => label !== '' && !fitting.includes(label)) };
}

/** Metadata as a task can have it, or what has to be said where it cannot. */
export function fittingMetadata(given: unknown): {
  readonly fitting: Metadata | undefined;
  readonly remarks: readonly string[];
} {
  const parsed = metadata.safeParse(given ?? {});
  const [issue] = parsed.error?.issues ?? [];
  if (issue === undefined) return { fitting: given == null ? undefined : parsed.data, remarks: [] };
  return { fitting: undefined, remarks: [`Its metadata ${issue.message}; not taken`] };
}
