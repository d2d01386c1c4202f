import type { AppMiddleware } from '../context.ts';
import { headersTooLarge, invalidHost, uriTooLong } from '../errors.ts';
import { HEADER_LIMIT, HEADERS_LIMIT_BYTES, URL_LIMIT_BYTES } from '../limits.ts';

/**
 * Bounds the URL and the header fields (RFC 9110, section 15.5.15, and RFC 6585, section 5), whoever sends them, and
 * refuses a host that is none: whatever makes a URL of the request would throw.
 */
export function requestBounds(): AppMiddleware {
  return (c, next) => {
    const { url, headers } = c.req.raw;
    // The URL is parsed and percent-encoded by now, so each character of it is a byte.
    if (url.length > URL_LIMIT_BYTES) throw uriTooLong(URL_LIMIT_BYTES);
    if (!URL.canParse(url)) throw invalidHost();
    let count = 0;
    let bytes = 0;
    headers.forEach((value, name) => {
      count += 1;
      bytes += name.length + value.length;
    });
    if (count > HEADER_LIMIT || bytes > HEADERS_LIMIT_BYTES) {
      throw headersTooLarge(HEADER_LIMIT, HEADERS_LIMIT_BYTES);
    }
    return next();
  };
}
