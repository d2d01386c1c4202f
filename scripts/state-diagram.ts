import { STATUSES } from '../src/domain/task.ts';
import { TRANSITIONS } from '../src/domain/transitions.ts';

/** What claims add to the transition table, which holds for everybody: each way is of the claim's holder or its end. */
const UNDER_A_CLAIM = [
  ['pending', 'in_progress', 'claim'],
  ['in_progress', 'in_progress', 'claim of another agent, the lease expired'],
  ['in_progress', 'pending', 'release'],
  ['in_progress', 'pending', 'failed, attempts left'],
  ['in_progress', 'failed', 'the lease expired, no attempts left'],
] as const;

/** The states of a task and the ways between them as a Mermaid diagram, made of the transition table. */
export function stateDiagram(): string {
  const moves = STATUSES.flatMap((from) => [
    ...TRANSITIONS[from].move.map((to) => `    ${from} --> ${to}`),
    ...TRANSITIONS[from].reset.map((to) => `    ${from} --> ${to}: reset`),
  ]);
  const claims = UNDER_A_CLAIM.map(([from, to, how]) => `    ${from} --> ${to}: ${how}`);
  return ['stateDiagram-v2', ...moves, ...claims].join('\n');
}

if (import.meta.main) console.log(stateDiagram());
