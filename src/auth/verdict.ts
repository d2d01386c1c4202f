import type { Caller } from '../domain/access.ts';

/** Why a credential is refused. For the log only, so strangers learn nothing. */
export type CredentialProblem =
  | 'too_long'
  /** Starts like a key, but has the wrong length or checksum. */
  | 'mistyped_key'
  /** Neither a configured key nor, where accepted, a token. */
  | 'unknown_key'
  /** Not what RFC 7515 and RFC 7519 prescribe. */
  | 'malformed'
  | 'unsupported_algorithm'
  /** The header demands something that we do not support. */
  | 'unsupported_header'
  | 'unknown_signing_key'
  /** Several keys fit, and the token names none. */
  | 'ambiguous_signing_key'
  | 'unusable_signing_key'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  | 'lifetime'
  | 'issuer'
  | 'audience'
  /** Another claim is missing or malformed. */
  | 'claims';

export type Verdict =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly problem: CredentialProblem };
