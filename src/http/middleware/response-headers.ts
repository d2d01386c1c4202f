import type { AppMiddleware } from '../context.ts';

/**
 * Forbids caches to keep an answer, because a stale next task is wrong (RFC 9111, section 5.2.2.5), and browsers to
 * guess another type, load anything or show a frame (Content Security Policy Level 3, section 6).
 */
export function responseHeaders(): AppMiddleware {
  return (c, next) => {
    c.header('Cache-Control', 'no-store');
    c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    c.header('X-Content-Type-Options', 'nosniff');
    return next();
  };
}
