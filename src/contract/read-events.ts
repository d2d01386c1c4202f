import { z } from 'zod';
import { EVENT_TYPES } from '../domain/events.ts';
import { LIMITS } from '../domain/task.ts';
import { WAIT_SECONDS } from '../domain/waits.ts';
import { event } from './event.ts';
import { EXAMPLE_FOLLOWED_EVENT } from './examples.ts';
import { project, wholeNumber } from './fields.ts';
import { logStart } from './log-cursor.ts';
import { nameList } from './name-list.ts';

const types = nameList(
  EVENT_TYPES,
  `must be types separated by commas, without spaces, out of ${EVENT_TYPES.join(', ')}`,
).meta({
  type: 'string',
  description: `Only events of these types, separated by commas: ${EVENT_TYPES.join(', ')}`,
  example: 'claimed,moved',
});

export const readEventsInput = {
  fields: {
    project,
    after: logStart,
    types,
    limit: wholeNumber(1, LIMITS.eventsPerPage).optional(),
    wait_seconds: wholeNumber(0, WAIT_SECONDS.max).optional(),
  },
};

/** An event and where it lies in the log. */
export const followedEvent = z
  .strictObject({
    ...event.shape,
    cursor: z.string().meta({ description: 'As after, it leads to what comes after this event' }),
  })
  .meta({ example: EXAMPLE_FOLLOWED_EVENT });

export const readEventsOutput = z
  .strictObject({
    events: z.array(followedEvent),
    next_cursor: z.string().meta({ description: 'Pass it as after; it is there even without events' }),
    has_more: z.boolean().meta({ description: 'Whether to ask again at once' }),
    lag_seconds: z.number().meta({
      description:
        'The age of the first event that a transaction which is still open, anywhere in the database server, holds back; 0 where there is none',
    }),
  })
  .meta({
    example: {
      events: [EXAMPLE_FOLLOWED_EVENT],
      next_cursor: EXAMPLE_FOLLOWED_EVENT.cursor,
      has_more: false,
      lag_seconds: 0,
    },
  });
