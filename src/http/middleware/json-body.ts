import type { Next } from 'hono';
import { namesIn, shortened } from '../../contract/wording.ts';
import { DomainError, refusal } from '../../domain/errors/index.ts';
import { codingsIn, isJsonType, otherCharsetIn } from '../content.ts';
import type { AppContext, AppMiddleware } from '../context.ts';
import { structureOf } from '../json-structure.ts';
import { JSON_DEPTH_LIMIT } from '../limits.ts';
import { hasRoute } from '../matched-route.ts';
import { hasBody } from '../methods.ts';
import { describeIssues, describeRepeated, invalid, LISTED_IN_DETAILS } from '../problems.ts';

/**
 * Bounds a body and lets only plain JSON in UTF-8 through (RFC 8259, section 8.1), without repeated names (section 4).
 * Otherwise the parser would replace invalid bytes and keep the last of equal names, both silently.
 */
export function jsonBody(maxBytes: number): AppMiddleware {
  const read = async (c: AppContext, next: Next) => {
    if (Number(c.req.header('content-length') ?? 0) > maxBytes)
      throw refusal('payload_too_large', { limit_bytes: maxBytes });
    checkContent(c);
    const text = textOf(await bytesOf(c, maxBytes));
    checkStructure(text);
    c.set('bodyText', text);
    await next();
  };
  // Without a route the answer is 404, whatever the body.
  return (c, next) => (hasBody(c.req.method) && hasRoute(c) ? read(c, next) : next());
}

/** Reads into the request's cache: the idempotency key's fingerprint needs the same bytes. */
async function bytesOf(c: AppContext, maxBytes: number): Promise<ArrayBuffer> {
  const { body, headers, method, url, signal } = c.req.raw;
  const isMeasured = headers.has('content-length') && !headers.has('transfer-encoding');
  try {
    if (body !== null && !isMeasured) {
      c.req.raw = new Request(url, { method, headers, signal, body: await readUpTo(maxBytes, body) });
    }
    return await c.req.arrayBuffer();
  } catch (error) {
    // The body ended early or its chunks are malformed (RFC 9112, section 8): the sender's fault.
    throw error instanceof DomainError ? error : refusal('incomplete_body', {});
  }
}

/** Reads a body of unknown length; releases one that is too large, so that the rest can be dropped. */
async function readUpTo(maxBytes: number, body: ReadableStream<Uint8Array>): Promise<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const reader = body.getReader();
  try {
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return await new Blob(pieces).arrayBuffer();
      size += value.byteLength;
      if (size > maxBytes) throw refusal('payload_too_large', { limit_bytes: maxBytes });
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
  if (!isJson(json)) throw refusal('malformed_json', {});
  throw invalid(describeRepeated(repeated.places, repeated.count));
}

function nestedTooDeep(): DomainError {
  const message = `must not be nested more than ${JSON_DEPTH_LIMIT} deep; send the fields that are documented`;
  return invalid(describeIssues([{ path: [], message }], 'field'));
}

function checkContent(c: AppContext): void {
  const type = c.req.header('content-type') ?? '';
  if (!isJsonType(type)) throw refusal('unsupported_media_type', {});
  const charset = otherCharsetIn(type);
  if (charset !== undefined) throw refusal('unsupported_charset', { charset: shortened(charset) });
  const codings = codingsIn(c.req.header('content-encoding') ?? '');
  if (codings.length === 0) return;
  // A 415 has this header for no other cause (RFC 9110, section 12.5.3).
  c.header('Accept-Encoding', 'identity');
  throw refusal('unsupported_content_coding', { codings: namesIn(codings) });
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw refusal('malformed_json', {});
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
