import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { readEvents } from '../../src/operations/read-events.ts';
import type { Page } from '../../src/rest/events/serve-events.ts';
import { WITHOUT_KEY } from './request-ports.ts';

/** Follows the events of a project from within Node, each look over one connection that stays open. */
export interface FeedReader {
  /** The `seq` of every event so far, in the order in which they came. */
  readonly seen: readonly number[];
  /** The largest lag that an answer told, in seconds. */
  readonly longestLag: () => number;
  /** Reads on until there is no more that is readable. */
  look(): Promise<Page>;
  close(): Promise<void>;
}

export function feedReader(connectionString: string, project: string): FeedReader {
  const caller = unrestricted('reader');
  const database = connect(
    { driver: 'hyperdrive', connectionString },
    { ...RETRY_POLICY, totalTimeout: 600_000 },
    { sleep: () => Promise.resolve(), random: () => 0, now: () => performance.now(), ...WITHOUT_KEY },
  );
  const seen: number[] = [];
  let after: string | undefined;
  let longest = 0;
  return {
    seen,
    longestLag: () => longest,
    async look() {
      for (;;) {
        const input = readEvents.input.fields.after.parse(after);
        const page = await readEvents.run(
          { caller, database },
          { project, after: input, types: null, limit: 1_000, wait_seconds: 0 },
        );
        seen.push(...page.events.map(({ seq }) => seq));
        after = page.next_cursor;
        longest = Math.max(longest, page.lag_seconds);
        if (!page.has_more) return page;
      }
    },
    close: async () => {
      await database.close();
    },
  };
}
