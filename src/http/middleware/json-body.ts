import type { AppContext, AppMiddleware } from '../context.ts';
import { malformedJson, unsupportedMediaType } from '../errors.ts';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPE = /^application\/json[\t ]*(;|$)/i;
const CHARSET = /;[\t ]*charset[\t ]*=[\t ]*"?([^";\t ]+)/i;

/**
 * Lets only JSON in UTF-8 through (RFC 8259, section 8.1). Without the check, bytes that are not UTF-8 would
 * silently become replacement characters, and text would not come back as it was sent.
 */
export function jsonBody(): AppMiddleware {
  return async (c, next) => {
    if (!WITH_BODY.has(c.req.method)) return next();
    const type = c.req.header('content-type') ?? '';
    if (!isJsonInUtf8(type)) throw unsupportedMediaType();
    // Reading it here keeps it: the validators behind read the same bytes from the request's cache.
    if (!isUtf8(await c.req.arrayBuffer())) throw malformedJson();
    simplifyType(c);
    return next();
  };
}

function isJsonInUtf8(type: string): boolean {
  const charset = CHARSET.exec(type)?.[1] ?? 'utf-8';
  return JSON_TYPE.test(type) && charset.toLowerCase() === 'utf-8';
}

/** The validators behind know fewer spellings of the type than RFC 9110, section 8.3.1, allows. */
function simplifyType(c: AppContext): void {
  const { url, method, headers } = c.req.raw;
  const simplified = new Headers(headers);
  simplified.set('content-type', 'application/json');
  c.req.raw = new Request(url, { method, headers: simplified });
}

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
