import { Notices } from './notices/notices-view.tsx';
import { session } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Shell } from './views/shell.tsx';

/** The sign-in, or what the credential may see. */
export function App() {
  return (
    <>
      {session.value === null ? <SignIn /> : <Shell session={session.value} />}
      <Notices />
    </>
  );
}
