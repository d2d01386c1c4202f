import type { DomainError } from '../domain/errors/index.ts';

/** The header WWW-Authenticate of a refusal (RFC 6750, section 3): with the reason if a credential was sent. */
export function challengeOf({ code, details }: DomainError): string | undefined {
  switch (code) {
    case 'missing_credential':
    case 'malformed_credential':
      return 'Bearer';
    case 'invalid_credential':
      return 'Bearer error="invalid_token"';
    case 'insufficient_scope':
      return `Bearer error="insufficient_scope", scope="${details?.['scope']}"`;
    default:
      return undefined;
  }
}
