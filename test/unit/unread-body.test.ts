import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type UnreadBodyBounds, unreadBody } from '../../src/http/middleware/unread-body.ts';

const BOUNDS: UnreadBodyBounds = {
  bytes: 1_000,
  milliseconds: 5_000,
  silenceMilliseconds: 1_000,
};
const PIECE = new Uint8Array(100);

/** A body that tells how much of it was asked for, and whether the rest was let go. */
function bodyOf(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  const seen = { pieces: 0, isCancelled: false };
  const source = {
    pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      seen.pieces += 1;
      pull(controller);
    },
    cancel() {
      seen.isCancelled = true;
    },
  };
  return { seen, stream: new ReadableStream(source, { highWaterMark: 0 }) };
}

function send(body: ReadableStream, headers: Record<string, string> = {}, read = false) {
  const app = new Hono();
  app.use(unreadBody(BOUNDS));
  app.post('/', async (c) => {
    if (read) await c.req.arrayBuffer();
    return c.text('refused', 400);
  });
  const streaming = { duplex: 'half' };
  return app.request(new Request('http://service.test/', { ...streaming, method: 'POST', headers, body }));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('what an answer left of a body', () => {
  it('an unread body is read to its end', async () => {
    let left = 9;
    const { seen, stream } = bodyOf((it) => (left-- > 0 ? it.enqueue(PIECE) : it.close()));
    expect((await send(stream)).status).toBe(400);
    expect(seen).toEqual({ pieces: 10, isCancelled: false });
  });

  it('an unread body larger than the bound is cancelled', async () => {
    const { seen, stream } = bodyOf((it) => it.enqueue(PIECE));
    expect((await send(stream)).status).toBe(400);
    expect(seen).toEqual({ pieces: 10, isCancelled: true });
  });

  it('an unread body declared larger than the bound is not read', async () => {
    const { seen, stream } = bodyOf((it) => it.enqueue(PIECE));
    expect((await send(stream, { 'content-length': '1001' })).status).toBe(400);
    expect(seen).toEqual({ pieces: 0, isCancelled: false });
  });

  it('an unread body is cancelled after a second of silence', async () => {
    vi.useFakeTimers();
    const { seen, stream } = bodyOf(() => undefined);
    const answer = send(stream);
    await vi.advanceTimersByTimeAsync(999);
    expect(seen).toEqual({ pieces: 1, isCancelled: false });
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.isCancelled).toBe(true);
    expect((await answer).status).toBe(400);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('an unread body is cancelled after five seconds, however steadily it comes', async () => {
    vi.useFakeTimers();
    const { seen, stream } = bodyOf((it) => setTimeout(() => !seen.isCancelled && it.enqueue(PIECE), 900));
    const answer = send(stream);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(seen).toEqual({ pieces: 6, isCancelled: false });
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.isCancelled).toBe(true);
    expect((await answer).status).toBe(400);
  });

  it('the answer is the same if the sender of its body is gone', async () => {
    const { stream } = bodyOf((it) => it.error(new Error('Network connection lost.')));
    expect((await send(stream)).status).toBe(400);
  });

  it('a body that was read leaves nothing to drop', async () => {
    vi.useFakeTimers();
    let left = 30;
    const { seen, stream } = bodyOf((it) => (left-- > 0 ? it.enqueue(PIECE) : it.close()));
    expect((await send(stream, {}, true)).status).toBe(400);
    expect(seen).toEqual({ pieces: 31, isCancelled: false });
    expect(vi.getTimerCount()).toBe(0);
  });
});
