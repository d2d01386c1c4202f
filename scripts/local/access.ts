import { hashOf, isMistypedKey } from '../../src/auth/api-key.ts';
import { parseAccess } from '../../src/config/access.ts';
import { Problem } from './problem.ts';

/** The Worker's variables for access. */
export const ACCESS_VARIABLES = [
  'API_KEY',
  'API_KEYS',
  'JWT_SECRET',
  'JWT_JWKS_URL',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_LEEWAY_SECONDS',
  'ALLOW_ANONYMOUS',
];

/** Without a configured credential, a local service is open to everybody. */
export const FOR_EVERYBODY = { ALLOW_ANONYMOUS: 'true' };

/** Says who has access by these variables, and what curl must send. Throws a Problem where they are wrong. */
export function describeAccess(variables: Readonly<Record<string, string>>): {
  sentence: string;
  header: string;
} {
  const parsed = parseAccess(variables, { hashOf, isMistypedKey });
  if (!parsed.ok) throw new Problem(`The configuration is wrong: ${parsed.problem}`);
  switch (parsed.access.kind) {
    case 'anonymous':
      return {
        sentence: 'ALLOW_ANONYMOUS=true: whoever reaches it may read and write every project',
        header: '',
      };
    case 'credentials':
      return { sentence: 'It asks for a credential', header: "-H 'Authorization: Bearer <API_KEY>' " };
    case 'none':
      return { sentence: 'It lets nobody in: set API_KEY, API_KEYS or JWT_SECRET', header: '' };
  }
}
