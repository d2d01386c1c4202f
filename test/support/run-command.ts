import { inject } from 'vitest';

/**
 * The command that runs a script of package.json. The short form leaves npm out, which takes longer to start than
 * most scripts take to run; what npm itself adds is looked at in the full form.
 */
export function commandFor(script: string, args: readonly string[]): readonly [string, string[]] {
  return inject('form').name === 'full'
    ? ['npm', ['run', '--silent', script, '--', ...args]]
    : [process.execPath, ['--run', script, '--', ...args]];
}
