import type { AppMiddleware } from '../context.ts';
import { UNREAD_BODY } from '../limits.ts';

/** How much of a body that nobody needs is read, and how long its sender may take. */
export interface UnreadBodyBounds {
  readonly bytes: number;
  readonly milliseconds: number;
  /** How long nothing may come. */
  readonly silenceMilliseconds: number;
}

/**
 * Reads and drops what an answer left of the request's body, before the answer leaves. A connection that is closed
 * while its client still sends is reset, and the answer is lost with it (RFC 9112, section 9.6). A client that waits
 * for 100 Continue gets it from workerd at the first read.
 */
export function unreadBody(bounds: UnreadBodyBounds = UNREAD_BODY): AppMiddleware {
  return async (c, next) => {
    // The request is replaced on its way; its stream is not.
    const { body, headers } = c.req.raw;
    await next();
    if (body === null || body.locked || Number(headers.get('content-length') ?? 0) > bounds.bytes) return;
    await drop(body, bounds);
  };
}

async function drop(body: ReadableStream<Uint8Array>, bounds: UnreadBodyBounds): Promise<void> {
  const reader = body.getReader();
  // Ends the read that is under way.
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
    // The sender is gone, and with it whoever would hear the answer.
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
  }
}
