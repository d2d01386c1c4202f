export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  /** An SQLSTATE, or an errno such as ECONNREFUSED. */
  readonly code?: string;
  readonly stack: string;
  readonly cause?: ErrorDescription;
}

const LONGEST_CHAIN = 8;

/** Describes an error and its causes, without fields that may hold a caller's text or a secret. */
export function describeError(error: unknown, depth = LONGEST_CHAIN): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error', stack: '' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause =
    error.cause === undefined || depth <= 1 ? {} : { cause: describeError(error.cause, depth - 1) };
  const { name, message, stack = '' } = error;
  return { name, message, ...code, stack, ...cause };
}
