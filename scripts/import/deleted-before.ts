import type { Client } from '../../client/index.ts';

/**
 * Those of the ids whose tasks were deleted in the project, as far as its log goes back. Nothing that may be read tells
 * which of them can still be restored, and so hold their ids. Rejects with a TaskTrackerError.
 */
export async function deletedBefore(
  client: Client,
  project: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const wanted = new Set(ids);
  const deleted = new Set<string>();
  for (let after: string | undefined; ; ) {
    const query = { project, types: 'deleted', ...(after === undefined ? {} : { after }) };
    const { events, next_cursor, has_more } = await client.listEvents(query);
    for (const { task_id } of events) if (wanted.has(task_id)) deleted.add(task_id);
    if (!has_more) return [...deleted];
    after = next_cursor;
  }
}
