import { refusal } from '../../domain/errors/index.ts';
import type { AppMiddleware } from '../context.ts';
import { HEADER_LIMIT, HEADERS_LIMIT_BYTES, URL_LIMIT_BYTES } from '../limits.ts';

/** Bounds the URL (RFC 9110, section 15.5.15) and header fields (RFC 6585, section 5); refuses an invalid Host. */
export function requestBounds(): AppMiddleware {
  return (c, next) => {
    const { url, headers } = c.req.raw;
    // The URL is percent-encoded by now, so each character is a byte.
    if (url.length > URL_LIMIT_BYTES) throw refusal('uri_too_long', { limit_bytes: URL_LIMIT_BYTES });
    if (!URL.canParse(url)) throw invalidHost();
    let count = 0;
    let bytes = 0;
    headers.forEach((value, name) => {
      count += 1;
      bytes += name.length + value.length;
    });
    if (count > HEADER_LIMIT || bytes > HEADERS_LIMIT_BYTES) {
      throw refusal('headers_too_large', { limit: HEADER_LIMIT, limit_bytes: HEADERS_LIMIT_BYTES });
    }
    return next();
  };
}

/** RFC 9112, section 3.2, asks for 400. */
function invalidHost() {
  const problem = 'The header Host is no host name. Send the name and port of the service';
  return refusal('invalid_host', { sentence: problem, problems: [{ header: 'host', problem }] });
}
