import type { EventsAnswer, FollowedEvent, ListEventsInput } from './schema.ts';

/** Less than the time that an attempt has by default. */
const WAIT_SECONDS = 10;

/** Where to start, and what to leave out. */
export type FollowInput = Omit<ListEventsInput, 'wait_seconds'>;

/** Follows the events of a project for good: where there is none, it waits for the next. */
export async function* eventsOf(
  list: (input: ListEventsInput) => Promise<EventsAnswer>,
  query: FollowInput,
): AsyncGenerator<FollowedEvent, void, undefined> {
  let position: Pick<ListEventsInput, 'after'> = {};
  for (;;) {
    const page = await list({ ...query, wait_seconds: WAIT_SECONDS, ...position });
    yield* page.events;
    position = { after: page.next_cursor };
  }
}
