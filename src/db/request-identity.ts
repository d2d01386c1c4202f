/** Names a request. A write records it in the same statement, so a repetition finds the record and changes nothing. */
export interface RequestIdentity {
  /** The credential's name; empty for a key that the service made. */
  readonly caller: string;
  readonly key: string;
  /** Differs when the key comes with another request. */
  readonly fingerprint: string;
  readonly keptSeconds: number;
}

export type RecordValues = {
  readonly record_caller: string;
  readonly record_key: string;
  readonly record_fingerprint: string;
  readonly record_seconds: number;
};

export function recordValues(identity: RequestIdentity): RecordValues {
  return {
    record_caller: identity.caller,
    record_key: identity.key,
    record_fingerprint: identity.fingerprint,
    record_seconds: identity.keptSeconds,
  };
}
