import { SignJWT } from 'jose';
import { createApiKey, hashOf } from '../../src/auth/api-key.ts';
import type { Figure, Row } from '../support/figure.ts';
import { BENCH_KEY } from '../support/http-client.ts';
import { inTurn } from '../support/in-turn.ts';
import { fill } from '../support/tasks.ts';
import { GATEWAY } from '../support/ways.ts';

const KEYS = 20;
const SECRET = 'the secret of the bench, 32 bytes';
const BAR = 0.95;

interface Authentication {
  readonly access: Readonly<Record<string, string>>;
  readonly credential: string;
}

const ANONYMOUS: Authentication = { access: { ALLOW_ANONYMOUS: 'true' }, credential: BENCH_KEY };

function oneOfSeveralKeys(): Authentication {
  const keys = Array.from({ length: KEYS }, () => createApiKey());
  const entries = keys.map((key, index) => ({
    name: `key-${index}`,
    sha256: hashOf(key).toString('hex'),
    projects: '*',
    scopes: ['read'],
  }));
  return { access: { API_KEYS: JSON.stringify(entries) }, credential: keys.at(-1) ?? '' };
}

async function token(): Promise<Authentication> {
  const claims = { projects: '*', scope: 'read' };
  const signing = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
  return {
    access: { JWT_SECRET: SECRET },
    credential: await signing.sign(new TextEncoder().encode(SECRET)),
  };
}

/** The cost of authentication: GET /tasks/next with a credential against anonymous access, in turn. */
export const authenticationCost: Figure = async (stack, { quick, onProgress }) => {
  await fill(stack.database, 10_000);
  const ways: readonly [string, Authentication][] = [
    [`one of ${KEYS} keys`, oneOfSeveralKeys()],
    ['a token', await token()],
  ];
  onProgress(ways.map(([name]) => name).join(' and '));
  const all = [...ways.map(([, way]) => way), ANONYMOUS];
  const workers = await Promise.all(all.map(({ access }) => stack.start(GATEWAY, { access })));
  const sides = all.map(({ credential }, index) => ({ port: workers[index]?.port ?? 0, credential }));
  const compared = await inTurn(sides, quick);
  for (const worker of workers) await worker.stop();
  return ways.map(([name], index): Row => {
    const ratio = compared[index]?.ratio ?? Number.NaN;
    return {
      what: `authentication by ${name}: next against no authentication`,
      measured: ratio.toFixed(3),
      bar: `at least ${BAR}`,
      met: ratio >= BAR,
    };
  });
};
