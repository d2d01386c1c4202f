import type { LogValues } from './sql/log.ts';

/** The name that a client gave a request, so that its repetition finds what the first one came to. */
export interface RequestKey {
  readonly key: string;
  /** Differs when the key comes with another request. */
  readonly fingerprint: string;
  readonly keptSeconds: number;
}

/** Whose request it is, and which: a write keeps it from being done twice. */
export interface RequestIdentity {
  /** The name of the credential. */
  readonly caller: string;
  /** Undefined where the client gave none. */
  readonly key: RequestKey | undefined;
}

export type RecordValues = {
  readonly record_key: string;
  readonly record_fingerprint: string;
  readonly record_seconds: number;
};

/** What a write of a request with a key binds besides its own values. */
export function recordValues(caller: string, key: RequestKey): RecordValues & LogValues {
  return {
    log_caller: caller,
    log_request: null,
    record_key: key.key,
    record_fingerprint: key.fingerprint,
    record_seconds: key.keptSeconds,
  };
}
