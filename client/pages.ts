import type { ListAnswer, ListTasksInput } from './schema.ts';

type Listed = ListAnswer['tasks'][number];

/** Walks the pages of a list; asks for one when the reader has come to it. */
export async function* tasksOf(
  list: (input: ListTasksInput) => Promise<ListAnswer>,
  query: ListTasksInput,
): AsyncGenerator<Listed, void, undefined> {
  let cursor: string | null | undefined = query.cursor;
  while (cursor !== null) {
    const page: ListAnswer = await list(cursor === undefined ? query : { ...query, cursor });
    yield* page.tasks;
    cursor = page.next_cursor;
  }
}
