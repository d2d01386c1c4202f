import type { Next } from 'hono';
import type { AppMiddleware } from '../context.ts';
import { UNREAD_BODY } from '../limits.ts';

export interface UnreadBodyBounds {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly silenceMilliseconds: number;
}

/** Reads the rest of a body: closing while the client sends would lose the answer (RFC 9112, section 9.6). */
export function unreadBody(bounds: UnreadBodyBounds = UNREAD_BODY): AppMiddleware {
  return (c, next) => {
    // Other middleware replaces the request, but not its stream.
    const { body, headers } = c.req.raw;
    return body === null ? next() : dropAfter(next, body, headers, bounds);
  };
}

async function dropAfter(
  next: Next,
  body: ReadableStream<Uint8Array>,
  headers: Headers,
  bounds: UnreadBodyBounds,
): Promise<void> {
  await next();
  if (body.locked || Number(headers.get('content-length') ?? 0) > bounds.bytes) return;
  await drop(body, bounds);
}

async function drop(body: ReadableStream<Uint8Array>, bounds: UnreadBodyBounds): Promise<void> {
  const reader = body.getReader();
  const giveUp = () => void reader.cancel().catch(() => undefined);
  const total = setTimeout(giveUp, bounds.milliseconds);
  let silence: ReturnType<typeof setTimeout> | undefined;
  try {
    for (let left = bounds.bytes; left > 0; ) {
      silence = setTimeout(giveUp, bounds.silenceMilliseconds);
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      left -= value.byteLength;
    }
    giveUp();
  } catch {
    // The sender is gone, so nobody would hear the answer.
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
  }
}
