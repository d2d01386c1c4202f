import { CAUSES, type Cause, TRANSITIONS } from '../../src/domain/transitions.ts';
import { stateDiagram } from './state-diagram.ts';
import { tableOf } from './table.ts';

const INTRODUCTION = `# States

Every change of status that exists. Everything else is refused, the same state again included.`;

const AFTERWARDS = `A move to completed sets \`completed_at\`; one to failed keeps \`error\` as \`last_error\`. A reset clears \`completed_at\`, \`completion_notes\`, those of the request included, \`last_error\` and the count of attempts. It only adds the way back: it does not forbid an ordinary move. Claims, releases and leases: [agents](agents.md).`;

/** The documentation's page about states, made from the transition table. */
export function statesPage(): string {
  // The keys of CAUSES are exactly the causes.
  const causes = Object.keys(CAUSES) as Cause[];
  const rows = causes.flatMap((cause) =>
    TRANSITIONS.filter(({ by }) => by === cause).map(({ from, to }) => [from, to, cause]),
  );
  const meanings = causes.map((cause) => [cause, CAUSES[cause]]);
  return `${[
    INTRODUCTION,
    `\`\`\`mermaid\n${stateDiagram()}\n\`\`\``,
    tableOf(['from', 'to', 'by'], rows),
    tableOf(['by', 'means'], meanings),
    AFTERWARDS,
  ].join('\n\n')}\n`;
}
