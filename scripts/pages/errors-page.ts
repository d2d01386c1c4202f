import type { ErrorForm } from '../../src/domain/errors/index.ts';
import { exampleAnswer, exampleRemedy } from '../../src/rest/openapi/errors.ts';
import { errorCodes } from './error-codes.ts';
import { tableOf } from './table.ts';

const INTRODUCTION = `# Errors

Branch on \`code\`, show \`error\`, quote \`request_id\`, which is the [\`X-Request-Id\`](api.md#headers) of the answer. Each answer below is an example of its code.`;

const AFTERWARDS = `## Conflicts

The details of a conflict (\`invalid_transition\`, \`claimed_by_other\`, \`claim_lost\`) are \`reason\`, which is the code; \`status\`, the one that the task has; \`holder\`, null or \`agent_id\` and \`lease_expires_at\`; \`allowed\`, the bodies that would be accepted from that status, of a claimed task from its holder; and \`hint\`, the next sensible call. [Agents](agents.md) says more of claims.

## Retries

After \`outcome_unknown\`, send the same request with the same [key](api.md#the-same-request-twice) again, or read the task first. The service itself [retries](operations.md#retries) before it says \`database_unavailable\`. The [rate limits](operations.md#rate-limits) are the operator's.`;

/** The documentation's page about errors, made from the catalog. */
export function errorsPage(): string {
  const codes = errorCodes();
  const rows = codes.map(({ code, status, meaning, names }) => [
    String(status),
    `[\`${code}\`](#${code})`,
    meaning,
    detailsOf(names),
  ]);
  const sections = codes.map(({ code, names }) => `## ${code}\n\n${names.map(example).join('\n\n')}`);
  const table = tableOf(['status', 'code', 'when', 'details'], rows);
  return `${[INTRODUCTION, table, ...sections, AFTERWARDS].join('\n\n')}\n`;
}

function detailsOf(names: readonly ErrorForm[]): string {
  const keys = names.flatMap((name) => Object.keys(exampleAnswer(name).details ?? {}));
  return [...new Set(keys)].map((key) => `\`${key}\``).join(', ');
}

function example(name: ErrorForm): string {
  return `What to do: ${exampleRemedy(name)}.\n\n\`\`\`json\n${JSON.stringify(exampleAnswer(name), null, 2)}\n\`\`\``;
}
