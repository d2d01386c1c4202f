import type { AppMiddleware } from '../context.ts';
import { malformedJson, unsupportedMediaType } from '../errors.ts';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Lets only JSON in UTF-8 through (RFC 8259, section 8.1). Without the check, bytes that are not UTF-8 would
 * silently become replacement characters, and text would not come back as it was sent.
 */
export function jsonBody(): AppMiddleware {
  return async (c, next) => {
    if (!WITH_BODY.has(c.req.method)) return next();
    if (!JSON_TYPE.test(c.req.header('content-type') ?? '')) throw unsupportedMediaType();
    // Reading it here keeps it: the validators behind read the same bytes from the request's cache.
    if (!isUtf8(await c.req.arrayBuffer())) throw malformedJson();
    return next();
  };
}

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
