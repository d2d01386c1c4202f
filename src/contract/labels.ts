import { isRecord } from '../domain/record.ts';
import { LIMITS } from '../domain/task.ts';
import { jsonValue } from './json-value.ts';
import { textList } from './text-list.ts';
import { mustBe } from './wording.ts';

const list = textList(LIMITS.labels, { min: 1, max: LIMITS.labelCharacters });

/** A set: what is given twice counts once. */
export const labels = list
  .transform((entries) => [...new Set(entries)])
  .meta({ ...list.meta(), example: ['docs', 'urgent'] });

export type Metadata = Readonly<Record<string, unknown>>;

/** A JSON object, kept as it came. */
export const metadata = jsonValue(LIMITS.metadataBytes)
  .refine(isRecord, { error: mustBe('an object'), abort: true })
  // isRecord let it through.
  .transform((value) => value as Metadata)
  .meta({ type: 'object', additionalProperties: true, example: { source: 'import' } });
