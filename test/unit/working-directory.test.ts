import { expect, it } from 'vitest';
import { ROOT } from '../../scripts/local/worker-build.ts';
import { asTyped } from '../../scripts/local/working-directory.ts';

it.each([
  ['npm says where it was called', ROOT, { INIT_CWD: '/home/me' }, '/home/me/data'],
  ['nobody says where npm was called', ROOT, {}, `${ROOT}/data`],
  ['no npm has moved the script', '/srv', { INIT_CWD: '/home/me' }, '/srv/data'],
])('a path is taken as it was typed where %s', (_, cwd, env, expected) => {
  expect(asTyped('data', cwd, env)).toBe(expected);
  expect(asTyped('/absolute', cwd, env)).toBe('/absolute');
});
