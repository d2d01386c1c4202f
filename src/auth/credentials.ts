import type { Caller } from '../domain/access.ts';

/** A key that is configured: whom it stands for, and the SHA-256 by which it is known. */
export interface ConfiguredKey {
  readonly caller: Caller;
  readonly hash: Buffer;
}

/** Which tokens are good. */
export interface TokenRules {
  /** The key of HS256; tokens of that algorithm are refused without it. */
  readonly secret?: Uint8Array;
  /** Where the keys of RS256, ES256 and EdDSA are; tokens of those are refused without it. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** How far the clocks of an issuer and ours may be apart, in seconds; LEEWAY_SECONDS.default unless it is given. */
  readonly leewaySeconds?: number;
}

/** Which credentials are good. */
export interface Credentials {
  readonly keys: readonly ConfiguredKey[];
  /** Absent where tokens are not accepted. */
  readonly tokens?: TokenRules;
}

/** What whoever reads the configuration has to know of keys, handed in. */
export interface KeyRules {
  /** The SHA-256 of a key. */
  readonly hashOf: (key: string) => Buffer;
  /** Whether a text begins like a key and yet has the wrong length or checksum. */
  readonly isMistypedKey: (key: string) => boolean;
}
