import { expect, it } from 'vitest';
import readme from '../../README.md?raw';
import { stateDiagram } from '../../scripts/state-diagram.ts';

it('draws the states in the README as the transition table has them', () => {
  expect(readme).toContain(`\`\`\`mermaid\n${stateDiagram()}\n\`\`\``);
});
