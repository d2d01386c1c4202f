import type { DomainError, ErrorCode } from '../domain/errors/index.ts';

/** The header WWW-Authenticate of a refusal (RFC 6750, section 3): with the reason if a credential was sent. */
export function challengeOf(
  { code, details }: DomainError,
  metadataUrl: string | undefined,
): string | undefined {
  const challenge = challengeFor(code, details);
  if (challenge === undefined || metadataUrl === undefined) return challenge;
  const separator = challenge === SCHEME ? ' ' : ', ';
  return `${challenge}${separator}resource_metadata="${metadataUrl}"`;
}

const SCHEME = 'Bearer';

function challengeFor(code: ErrorCode, details: DomainError['details']): string | undefined {
  switch (code) {
    case 'missing_credential':
    case 'malformed_credential':
      return SCHEME;
    case 'invalid_credential':
      return 'Bearer error="invalid_token"';
    case 'insufficient_scope':
      return `Bearer error="insufficient_scope", scope="${details?.['scope']}"`;
    default:
      return undefined;
  }
}
