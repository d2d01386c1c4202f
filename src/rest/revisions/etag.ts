import type { Task } from '../../contract/task.ts';
import type { AppContext } from '../../http/context.ts';

/** That of no task: a condition that nothing can meet still tells the current revision (RFC 9110, section 13.1.1). */
const NO_REVISION = '0';

const ENTITY_TAG = /^"([1-9][0-9]{0,9})"$/;

/** The revision that If-Match demands, before that of the query; `*` demands none. */
export function ifMatch(c: AppContext): Readonly<Record<string, string>> {
  const condition = c.req.header('if-match')?.trim();
  if (condition === undefined || condition === '*') return {};
  const [, revision = NO_REVISION] = ENTITY_TAG.exec(condition) ?? [];
  return { expected_revision: revision };
}

/** Answers with the revision of the task as its ETag. */
export function withEtag(of: (output: never) => Task): (output: unknown, c: AppContext) => Response {
  return (output, c) => {
    // The row names the operation whose output this reads.
    const { revision } = of(output as never);
    return c.json({ success: true, ...(output as object) }, 200, { ETag: `"${revision}"` });
  };
}
