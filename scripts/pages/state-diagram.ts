import { type Cause, TRANSITIONS } from '../../src/domain/transitions.ts';

/** A plain move needs no word. */
const LABELS: Readonly<Record<Cause, string>> = {
  move: '',
  reset: ': reset',
  claim: ': claim',
  release: ': release',
  retry: ': failed, attempts left',
  expiry: ': the lease expired, no attempts left',
};

/** The transition table as a Mermaid diagram. */
export function stateDiagram(): string {
  const lines = TRANSITIONS.map(({ from, to, by }) => {
    const isTakenOver = by === 'claim' && from === 'in_progress';
    const label = isTakenOver ? ': claim of another agent, the lease expired' : LABELS[by];
    return `    ${from} --> ${to}${label}`;
  });
  return ['stateDiagram-v2', ...lines].join('\n');
}
