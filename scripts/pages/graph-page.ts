import { conditionTable, failureTable, needDiagram, needTable } from './graph-parts.ts';

const PARTS: Readonly<Record<string, () => string>> = {
  'the states of a need': () => `\`\`\`mermaid\n${needDiagram()}\n\`\`\``,
  'what a need comes to': needTable,
  'what a failed need does': failureTable,
  'the conditions of a claim': conditionTable,
};

/** The page about the graph with its parts that are made from the code's tables; the rest stays as it is. */
export function graphPage(page: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const begin = `<!-- made from the code: ${name} -->`;
    const end = '<!-- end -->';
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new TypeError(`docs/graph.md has no place for ${name}`);
    return `${text.slice(0, from)}${begin}\n\n${make()}\n\n${text.slice(to)}`;
  }, page);
}
