import { sql } from 'drizzle-orm/sql';
import type { z } from 'zod';
import { provideArtifactInput, provideArtifactOutput } from '../contract/provide-artifact.ts';
import { isoMoment } from '../db/sql/moment.ts';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import { defineRenewal } from '../db/statement.ts';
import { defineOperation } from './define-operation.ts';

type Values = ProjectScope & {
  readonly project: string;
  readonly name: string;
  readonly uri: string | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
};

type Provided = z.output<typeof provideArtifactOutput>['provided_artifact'];

const PROVIDE_ARTIFACT = defineRenewal<Values, Provided>({
  name: 'provide_artifact',
  build: (value) => ({
    steps: sql`
    done as materialized (
      select provided.*
      from (select where ${isAllowed(value('project'), value('allowed_projects'))}) as allowed
      cross join lateral provide_artifact(
        ${value('project')}, ${value('name')}, ${value('uri')}::text, ${value('sha256')}::text, ${value('bytes')}::bigint
      ) as provided
    )`,
    outcome: sql`select name, ${isoMoment(sql`provided_at`)} as provided_at, uri, sha256, bytes from done`,
  }),
  toRow: (row) => {
    // The columns' types and NOT NULL guarantee the values; drivers return a bigint as text.
    const { name, provided_at, uri, sha256 } = row as Omit<Provided, 'bytes'>;
    return { name, provided_at, uri, sha256, bytes: row['bytes'] === null ? null : Number(row['bytes']) };
  },
});

/** Says that an artifact exists, whoever made it; every need for it is met. */
export const provideArtifact = defineOperation({
  name: 'provide_artifact',
  scope: 'write',
  summary: 'Say that an artifact exists',
  description:
    'Meets every need for the artifact in the project, those that come later too: for what no task of the project makes, or what lies there although its task failed. Matters where the readiness of the project is inputs.',
  answer: 'The artifact as it is known now',
  errors: [],
  input: provideArtifactInput,
  output: provideArtifactOutput,
  projects: ({ project }) => [project],
  statements: [PROVIDE_ARTIFACT],
  examples: [{ name: 'INIT-001', project: 'ai-agent-mcp-server', uri: 'https://example.com/INIT-001.md' }],
  async run({ run }, values) {
    const [provided] = await run(PROVIDE_ARTIFACT, values);
    if (provided === undefined) throw new Error('An artifact that is provided is always told');
    return { provided_artifact: provided };
  },
});
