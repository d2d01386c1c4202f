interface Method {
  /** Whether a request may have a body, and with it an Idempotency-Key: what else there is may be repeated by itself. */
  readonly hasBody: boolean;
}

/** THE list of methods that routes may have; HEAD is answered where GET is, and OPTIONS everywhere. */
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
