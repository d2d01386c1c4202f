import type { AppMiddleware } from '../context.ts';

/**
 * Gives every answer the headers that hold for all. No cache keeps it, because a stale next task is a wrong answer
 * (RFC 9111, section 5.2.2.5), and a browser takes it for nothing but the JSON it is: it guesses no other type, loads
 * nothing for it and shows it in no frame (Content Security Policy Level 3, section 6).
 */
export function responseHeaders(): AppMiddleware {
  return (c, next) => {
    c.header('Cache-Control', 'no-store');
    c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    c.header('X-Content-Type-Options', 'nosniff');
    return next();
  };
}
