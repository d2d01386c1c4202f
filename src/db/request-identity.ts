/**
 * Names a request, so that its effect can be told from another's. A write is recorded under it in the same statement,
 * which is why the write may be sent again: the second one finds the record and changes nothing.
 */
export interface RequestIdentity {
  /** Whose key it is: the name of the caller's credential, or empty for a key that the service made. */
  readonly caller: string;
  readonly key: string;
  /** Tells whether the same key comes with the same request. */
  readonly fingerprint: string;
  /** How long the record is kept at least, in seconds. */
  readonly keptSeconds: number;
}

/** The values that every write binds besides its own. */
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
