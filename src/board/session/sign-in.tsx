import { useSignal } from '@preact/signals';
import { isAsking, refusalReason, signIn } from './session.ts';

/** Asks for a key, which stays in this tab. */
export function SignIn() {
  const key = useSignal('');
  const submit = (event: Event) => {
    event.preventDefault();
    void signIn(key.value.trim());
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>Task board</h1>
        <p>Paste an API key or a token. It stays in this tab until you sign out or close it.</p>
        <label for="key">Key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={key}
          aria-describedby="sign-in-problem"
          onInput={(event) => {
            key.value = event.currentTarget.value;
          }}
        />
        <p id="sign-in-problem" class="problem" role="alert">
          {refusalReason}
        </p>
        <button type="submit" class="primary" disabled={isAsking.value}>
          {isAsking.value ? 'Asking …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}
