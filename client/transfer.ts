import type { ExportLine, ExportProjectInput, ImportAnswer, ImportLinesInput } from './schema.ts';

/** What one request of an import may have; the service takes bodies of 1 MiB. */
const MOST_LINES = 500;
const MOST_BYTES = 900_000;

type Skipped = ImportAnswer['results'][number];

/** What an import came to, all requests together. */
export interface Imported {
  readonly counts: ImportAnswer['counts'];
  /** What was skipped, or with dry_run every line; `line` counts all lines, from 0 on. */
  readonly results: readonly Skipped[];
}

/** Where lines go to. */
export type ImportInput = Omit<ImportLinesInput, 'lines'>;

/** Goes through the lines of an export, answer by answer, until its end; the marks between them included. */
export async function* exportLinesOf(
  take: (input: ExportProjectInput) => Promise<string>,
  query: ExportProjectInput,
): AsyncGenerator<ExportLine, void, undefined> {
  for (let { cursor } = query; ; ) {
    let last: ExportLine | undefined;
    for (const text of (await take(cursor === undefined ? query : { ...query, cursor })).split('\n')) {
      if (text === '') continue;
      // The service sends lines of this type.
      last = JSON.parse(text) as ExportLine;
      yield last;
    }
    if (last?.kind !== 'cursor') return;
    cursor = last.cursor;
  }
}

/** Sends lines, as many a request as it may have; one request after another. */
export async function importAllOf(
  send: (input: ImportLinesInput) => Promise<ImportAnswer>,
  input: ImportInput,
  lines: AsyncIterable<ExportLine> | Iterable<ExportLine>,
): Promise<Imported> {
  const counts = { added: 0, replaced: 0, removed: 0, unchanged: 0, skipped: 0 };
  const results: Skipped[] = [];
  let before = 0;
  for await (const chunk of chunksOf(lines)) {
    const answer = await send({ ...input, lines: chunk });
    counts.added += answer.counts.added;
    counts.replaced += answer.counts.replaced;
    counts.removed += answer.counts.removed;
    counts.unchanged += answer.counts.unchanged;
    counts.skipped += answer.counts.skipped;
    for (const result of answer.results) results.push({ ...result, line: result.line + before });
    before += chunk.length;
  }
  return { counts, results };
}

async function* chunksOf(
  lines: AsyncIterable<ExportLine> | Iterable<ExportLine>,
): AsyncGenerator<ExportLine[], void, undefined> {
  const encoder = new TextEncoder();
  let chunk: ExportLine[] = [];
  let size = 0;
  for await (const line of lines) {
    const bytes = encoder.encode(JSON.stringify(line)).byteLength + 1;
    if (chunk.length === MOST_LINES || (chunk.length > 0 && size + bytes > MOST_BYTES)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(line);
    size += bytes;
  }
  if (chunk.length > 0) yield chunk;
}
