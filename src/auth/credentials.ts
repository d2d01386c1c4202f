import type { Caller } from '../domain/access.ts';

export interface ConfiguredKey {
  readonly caller: Caller;
  readonly hash: Buffer;
}

export interface TokenRules {
  /** The key of HS256; without it, such tokens are refused. */
  readonly secret?: Uint8Array;
  /** The keys of RS256, ES256 and EdDSA; without them, such tokens are refused. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** LEEWAY_SECONDS.default when absent. */
  readonly leewaySeconds?: number;
}

export interface Credentials {
  readonly keys: readonly ConfiguredKey[];
  /** Absent where tokens are not accepted. */
  readonly tokens?: TokenRules;
}

export interface KeyRules {
  readonly hashOf: (key: string) => Buffer;
  /** Starts like one of our keys, but has the wrong length or checksum. */
  readonly isMistypedKey: (key: string) => boolean;
}
