/** Something the person at the terminal can fix; shown as one sentence, without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Runs a script's main function; a Problem ends it with its sentence and exit code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    process.exit(1);
  }
}
