import type { Caller } from '../domain/access.ts';

/** Why a credential is refused. It is for the log only: the answer gives no reason, so that strangers learn nothing. */
export type CredentialProblem =
  /** Longer than anything that is looked at. */
  | 'too_long'
  /** Begins like a key, but has the wrong length or checksum. */
  | 'mistyped_key'
  /** No configured key, and no token either where tokens are accepted. */
  | 'unknown_key'
  /** A token whose header or claims are not what RFC 7515 and RFC 7519 prescribe. */
  | 'malformed'
  | 'unsupported_algorithm'
  /** The header says that something must be understood that is not. */
  | 'unsupported_header'
  /** The issuer's key set has no such key. */
  | 'unknown_signing_key'
  /** The token does not say which of several keys it was signed with. */
  | 'ambiguous_signing_key'
  /** The issuer's key is too weak or made for something else. */
  | 'unusable_signing_key'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  /** Lives longer than any token may. */
  | 'lifetime'
  | 'issuer'
  | 'audience'
  /** Another claim is missing or has another form than ours. */
  | 'claims';

/** Whom a credential stands for, or why it stands for nobody. */
export type Verdict =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly problem: CredentialProblem };
