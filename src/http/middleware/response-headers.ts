import type { AppMiddleware } from '../context.ts';

/**
 * Forbids caches to keep an answer, because a stale next task is wrong (RFC 9111, section 5.2.2.5), and browsers to
 * guess another type, load anything or show a frame (Content Security Policy Level 3, section 6). A page brings its own
 * rules for caches and for what it loads. Tells the time, in milliseconds, to whoever has a clock that is off (RFC 9110,
 * section 6.6.1): workerd by itself does not.
 */
export function responseHeaders(wallClock: () => number): AppMiddleware {
  return async (c, next) => {
    await next();
    // Headers that are set before the answer exists are copied into it one by one.
    const { headers } = c.res;
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    if (!headers.has('Content-Security-Policy'))
      headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Date', new Date(wallClock()).toUTCString());
  };
}
