import type { z } from 'zod';
import { decodeExportCursor } from '../../contract/export-cursor.ts';
import type { exportProjectOutput } from '../../contract/export-project.ts';
import { TRANSFER_LIMITS } from '../../domain/transfer.ts';
import type { Asked } from '../row.ts';

/** One JSON text a line (https://github.com/ndjson/ndjson-spec). */
export const NDJSON = 'application/x-ndjson';

type Page = z.output<typeof exportProjectOutput>;

const textOf = ({ lines }: Page) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/**
 * Answers with several pages, one after the other as they are read. Refuses before the first; after it, the answer ends
 * early, and so does its sequence of lines.
 */
export async function serveExport({ c, input, run }: Asked): Promise<Response> {
  // Only export_project has this route.
  const read = (cursor: unknown) => run({ ...input, cursor }) as Promise<Page>;
  const first = await read(input['cursor']);
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': NDJSON });
  return c.body(
    streamOf(first, (cursor) => read(decodeExportCursor(cursor))),
    200,
    { 'Content-Type': NDJSON },
  );
}

function streamOf(first: Page, read: (cursor: string) => Promise<Page>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let page = first;
  let pages = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (pages > 0 && page.next_cursor !== null) page = await read(page.next_cursor);
        } catch (error) {
          // The reader has the cursor of the page before.
          return controller.error(error);
        }
        pages += 1;
        controller.enqueue(encoder.encode(textOf(page)));
        if (page.next_cursor === null || pages === TRANSFER_LIMITS.pagesPerAnswer) controller.close();
      },
    },
    // A reader that does not read has no page read for it.
    { highWaterMark: 0 },
  );
}
