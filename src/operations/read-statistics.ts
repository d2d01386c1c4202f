import { readStatisticsInput, readStatisticsOutput } from '../contract/read-statistics.ts';
import { STATISTICS } from '../domain/statistics.ts';
import { defineOperation } from './define-operation.ts';
import { READ_STATISTICS } from './read-statistics-statement.ts';

/** What came of the work of the last days, by UTC day. Bounded: `complete_from` tells what is missing. */
export const readStatistics = defineOperation({
  name: 'read_statistics',
  scope: 'read',
  summary: 'Read what came of the work, by day',
  description: `Tells for each of the last UTC days how many tasks of a project were added, completed and failed, how long tasks waited and took (p50, p95), and the tokens and cost of the claims that ended; the reasons of failures; and what each agent used today. It is made of at most the newest ${STATISTICS.events} events of the project, and tells from when on it is complete. Tasks that were imported with their history count from then on, and the usage of tasks that are deleted for good is gone.`,
  answer: 'The days, the reasons of failures, and the agents of today',
  errors: [],
  input: readStatisticsInput,
  output: readStatisticsOutput,
  projects: ({ project }) => [project],
  statements: [READ_STATISTICS],
  examples: [{ project: 'ai-agent-mcp-server' }, { project: 'ai-agent-mcp-server', days: 1 }],
  async run({ run }, { project, days = STATISTICS.usualDays }) {
    const [statistics] = await run(READ_STATISTICS, { project, days });
    // The statement has one row for a caller that may see the project, which was checked.
    if (statistics === undefined) throw new TypeError('The statistics have no row');
    return statistics;
  },
});
