interface Method {
  /** With a body goes an Idempotency-Key; other requests may be repeated anyway. */
  readonly hasBody: boolean;
}

/** THE list of methods that routes may have. GET includes HEAD; every path answers OPTIONS. */
export const METHODS = {
  GET: { hasBody: false },
  HEAD: { hasBody: false },
  POST: { hasBody: true },
  PUT: { hasBody: true },
  PATCH: { hasBody: true },
  DELETE: { hasBody: false },
} as const satisfies Readonly<Record<string, Method>>;

const WITH_BODY: ReadonlySet<string> = new Set(
  Object.entries(METHODS)
    .filter(([, { hasBody }]) => hasBody)
    .map(([name]) => name),
);

/** Whether requests of that method have a body. */
export function hasBody(method: string): boolean {
  return WITH_BODY.has(method);
}
