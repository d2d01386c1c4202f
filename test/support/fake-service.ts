/** A request as the service would see it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

type Reply = Response | Error | 'silence';

export const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

export const refuse = (
  status: number,
  code: string,
  headers: Record<string, string> = {},
  details?: Record<string, unknown>,
) =>
  answer({ success: false, error: `It is ${code}`, code, request_id: 'request-1', details }, status, headers);

/** A fetch that gives one reply after another, the last one for ever: an answer, a lost connection or none at all. */
export function fakeService(...replies: (() => Reply)[]) {
  const seen: Seen[] = [];
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    const reply = replies[Math.min(seen.length, replies.length - 1)]?.() ?? 'silence';
    const { pathname, search } = new URL(url);
    seen.push({
      method: init.method ?? 'GET',
      path: pathname + search,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    if (reply === 'silence') return untilAborted(init.signal ?? undefined);
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  return { fetch, seen };
}

/** As fetch does, rejects when the signal fires. */
export function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
