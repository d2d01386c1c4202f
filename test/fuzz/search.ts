import fc, { type IAsyncPropertyWithHooks } from 'fast-check';

const RUNS_A_ROUND = 10;

/** A wrong answer, and which request of a run was answered so; those behind it were not sent. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';

  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/**
 * Searches for a counterexample, round after round from a seed on, until enough was tried; throws the one it
 * finds, shrunk, as the caller describes it: without what was not sent any more.
 */
export async function search<Step, Setting>(
  property: IAsyncPropertyWithHooks<[{ readonly steps: readonly Step[]; readonly setting: Setting }]>,
  seed: number,
  isEnough: () => boolean,
  describe: (step: Step) => string[],
): Promise<void> {
  for (let round = seed; !isEnough(); round += 1) {
    const found = await fc.check(property, { seed: round, numRuns: RUNS_A_ROUND });
    if (!found.failed) continue;
    const { counterexample, errorInstance, numShrinks } = found;
    const { steps = [], setting } = counterexample?.[0] ?? {};
    const sent = errorInstance instanceof WrongAnswer ? errorInstance.index + 1 : steps.length;
    const message = [
      errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
      '',
      `FUZZ_SEED=${found.seed} npm run test:fuzz finds it again. What is left after ${numShrinks} steps of shrinking, over ${setting}:`,
      ...steps.slice(0, sent).flatMap(describe),
    ];
    throw new Error(message.join('\n'));
  }
}

/** Shows how often each kind of answer came. */
export function tableOf(kinds: ReadonlyMap<string, number>): string {
  const lines = [...kinds].sort().map(([kind, count]) => `${String(count).padStart(7)}  ${kind}`);
  return lines.join('\n');
}
