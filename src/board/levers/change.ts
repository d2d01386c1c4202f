import { tell, tellProblem } from '../notices/notices.ts';
import { session } from '../session/session.ts';
import { refreshAll } from '../tasks/lists.ts';
import { refreshSoon } from '../tasks/live.ts';

/** The client of who is signed in. */
export function client() {
  const current = session.value;
  if (current === null) throw new Error('You are signed out');
  return current.client;
}

/** Says what was changed, with what takes it back, after which the service is asked how things stand. */
export function tellChange(said: string, undo: (() => Promise<unknown>) | undefined): void {
  tell(said, undo && (() => undo().then(refreshAll)));
}

/**
 * Shows a change at once and takes it back with the service's sentence where it is refused. Afterwards the service is
 * asked how things stand.
 */
export async function change(
  show: () => void,
  ask: () => Promise<unknown>,
  said: string,
  undo?: () => Promise<unknown>,
): Promise<void> {
  show();
  try {
    await ask();
    tellChange(said, undo);
  } catch (error) {
    tellProblem(error);
    // What was shown is not so.
    await refreshAll();
  }
  refreshSoon();
}
