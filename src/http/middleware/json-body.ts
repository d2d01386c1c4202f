import { codingsIn, isJsonType, otherCharsetIn } from '../content.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import {
  HttpError,
  incompleteBody,
  malformedJson,
  payloadTooLarge,
  unsupportedCharset,
  unsupportedContentCoding,
  unsupportedMediaType,
  validationError,
} from '../errors.ts';
import { structureOf } from '../json-structure.ts';
import { JSON_DEPTH_LIMIT } from '../limits.ts';
import { hasRoute } from '../matched-route.ts';
import { namesIn, shortened } from '../schemas/closed-object.ts';
import { describeIssues, describeRepeated, LISTED_IN_DETAILS } from '../schemas/validation.ts';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Bounds a body in size and depth and lets only plain JSON in UTF-8 through (RFC 8259, section 8.1), with no name twice in
 * an object (section 4): parsers would take the last one. Without the check, bytes that are not UTF-8 would silently
 * become replacement characters, and text not come back as it was sent.
 */
export function jsonBody(maxBytes: number): AppMiddleware {
  return async (c, next) => {
    // A request to no route is refused for that, not for its body.
    if (WITH_BODY.has(c.req.method) && hasRoute(c)) {
      if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw payloadTooLarge(maxBytes);
      checkContent(c);
      checkStructure(textOf(await bytesOf(c, maxBytes)));
      simplifyType(c);
    }
    await next();
  };
}

/** Reads the body into the request's cache, from which the validators behind read the same bytes. */
async function bytesOf(c: AppContext, maxBytes: number): Promise<ArrayBuffer> {
  const { body, headers, method, url } = c.req.raw;
  const isMeasured = headers.has('content-length') && !headers.has('transfer-encoding');
  try {
    if (body !== null && !isMeasured) {
      c.req.raw = new Request(url, { method, headers, body: await readUpTo(maxBytes, body) });
    }
    return await c.req.arrayBuffer();
  } catch (error) {
    // A body that cannot be read ended early, or its chunks are none (RFC 9112, section 8): its sender's doing.
    throw error instanceof HttpError ? error : incompleteBody();
  }
}

/** Reads a body whose length nobody told; lets go of one that is too large, so that the rest can be dropped. */
async function readUpTo(maxBytes: number, body: ReadableStream<Uint8Array>): Promise<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const reader = body.getReader();
  try {
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return await new Blob(pieces).arrayBuffer();
      size += value.byteLength;
      if (size > maxBytes) throw payloadTooLarge(maxBytes);
      pieces.push(value);
    }
  } finally {
    reader.releaseLock();
  }
}

function checkStructure(json: string): void {
  const { isTooDeep, repeated } = structureOf(json, JSON_DEPTH_LIMIT, LISTED_IN_DETAILS);
  if (isTooDeep) throw nestedTooDeep();
  if (repeated.count === 0) return;
  if (!isJson(json)) throw malformedJson();
  const { sentence, details } = describeRepeated(repeated.places, repeated.count);
  throw validationError(sentence, details);
}

function nestedTooDeep(): HttpError {
  const message = `must not be nested more than ${JSON_DEPTH_LIMIT} deep; send the fields that are documented`;
  const { sentence, details } = describeIssues([{ path: [], message }], 'field');
  return validationError(sentence, details);
}

function checkContent(c: AppContext): void {
  const type = c.req.header('content-type') ?? '';
  if (!isJsonType(type)) throw unsupportedMediaType();
  const charset = otherCharsetIn(type);
  if (charset !== undefined) throw unsupportedCharset(shortened(charset));
  const codings = codingsIn(c.req.header('content-encoding') ?? '');
  if (codings.length === 0) return;
  // Only with this cause does a 415 have the header (RFC 9110, section 12.5.3).
  c.header('Accept-Encoding', 'identity');
  throw unsupportedContentCoding(namesIn(codings));
}

/** The validators behind know fewer spellings of the type than RFC 9110, section 8.3.1, allows. */
function simplifyType(c: AppContext): void {
  const { url, method, headers } = c.req.raw;
  const simplified = new Headers(headers);
  simplified.set('content-type', 'application/json');
  c.req.raw = new Request(url, { method, headers: simplified });
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw malformedJson();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
