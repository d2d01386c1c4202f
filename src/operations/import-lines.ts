import { sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { EXAMPLE_LINES } from '../contract/examples.ts';
import { importLinesInput, importLinesOutput } from '../contract/import-lines.ts';
import type { Line } from '../contract/transfer-lines.ts';
import { isViolationOf } from '../db/failures.ts';
import { TASKS_PKEY } from '../db/schema/names.ts';
import { constant } from '../db/sql/constant.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRecordedWrite } from '../db/statement.ts';
import { needGroupOf } from '../domain/graph.ts';
import { LIMITS } from '../domain/task.ts';
import { LINE_RESULTS } from '../domain/transfer.ts';
import { defineOperation } from './define-operation.ts';

type Outcome = z.output<typeof importLinesOutput>['results'][number];

type Values = ProjectScope & {
  readonly project_id: string;
  /** As JSON, each with its place and its round. */
  readonly lines: string;
  readonly dry_run: boolean;
};

const IMPORT_LINES = defineRecordedWrite<Values, readonly Outcome[]>({
  name: 'import_lines',
  build: (value, setCaller) => ({
    steps: sql`
    taken as materialized (
      select taken.*
      from (
        select ${setCaller} as caller
        where ${isAllowed(value('project_id'), value('allowed_projects'))}
      ) as allowed
      cross join lateral import_lines(
        ${value('project_id')}, ${value('lines')}::jsonb, ${value('dry_run')}::boolean, ${constant(LIMITS.notesPerTask)}
      ) as taken
      where allowed.caller is not null
    )`,
    outcome: sql`
    select coalesce(
      jsonb_agg(jsonb_build_object('line', place, 'result', result, 'reason', reason) order by place), '[]'
    ) as results
    from taken`,
  }),
  // jsonb_build_object gives the results their shape.
  toRow: (row) => row['results'] as Outcome[],
});

/** Numbers the lines, and those about the same task among each other: only one of these is taken at a time. */
function numbered(lines: readonly Line[]): object[] {
  const rounds = new Map<unknown, number>();
  return lines.map((line, place) => {
    if (line.kind !== 'task' && line.kind !== 'gone') return { ...line, place };
    const round = rounds.get(line['task_id']) ?? 0;
    rounds.set(line['task_id'], round + 1);
    return { ...line, ...needsOf(line), place, round };
  });
}

/** The needs of a line with their groups as they are stored. */
function needsOf({ needs }: Line): object {
  if (!Array.isArray(needs)) return {};
  // The contract has parsed each.
  const parsed = needs as readonly Parameters<typeof needGroupOf>[0][];
  return { needs: parsed.map((need) => ({ ...need, need_group: needGroupOf(need) })) };
}

/** How often an import looks for the tasks that are there; somebody may add one meanwhile. */
const LOOKS = 3;

/** Takes lines of an export into a project, all or none. */
export const importLines = defineOperation({
  name: 'import_lines',
  scope: 'admin',
  summary: 'Take lines of an export into a project',
  description:
    'Takes up to 500 lines of an export, in their order, in one transaction. A task that is there already is replaced by a line with a higher revision, or with the same revision and a higher version; otherwise it stays as it is. So an import may be repeated. A need for a task that is not there yet waits for it. With dry_run, the answer tells of each line what would become of it.',
  answer: 'What became of the lines',
  errors: ['need_cycle', 'artifact_has_producer', 'project_too_large'],
  input: importLinesInput,
  output: importLinesOutput,
  projects: ({ project_id }) => [project_id],
  statements: [IMPORT_LINES],
  examples: [{ project_id: 'ai-agent-mcp-server', lines: EXAMPLE_LINES }],
  async run({ run }, { project_id, dry_run, lines }) {
    const values = { project_id, dry_run, lines: JSON.stringify(numbered(lines)) };
    for (let look = 1; ; look += 1) {
      try {
        const [results = []] = await run(IMPORT_LINES, values);
        const counts = Object.fromEntries(
          LINE_RESULTS.map((name) => [name, results.filter(({ result }) => result === name).length]),
        );
        const told = dry_run ? results : results.filter(({ result }) => result === 'skipped');
        // LINE_RESULTS are the names of the counts.
        return {
          counts: counts as z.output<typeof importLinesOutput>['counts'],
          results: told.map(({ line, result, reason }) => ({ line, result, reason })),
        };
      } catch (error) {
        if (!isViolationOf(error, TASKS_PKEY) || look === LOOKS) throw error;
      }
    }
  },
});
