import type { FuzzRequest } from '../requests.ts';

/** A request as it goes over the wire. Its texts have one character for each byte. */
export interface RawMessage {
  readonly text: string;
  readonly method: string;
  /** What the service has to take it for, if it takes it at all; undefined where that is anybody's guess. */
  readonly meant: FuzzRequest | undefined;
}

/** What is sent over one connection. */
export interface Exchange {
  /** Requests without a fault, sent in front without waiting for an answer. */
  readonly before: readonly RawMessage[];
  readonly last: RawMessage;
  /** Whether the connection is torn down behind it; otherwise the sender only says that nothing more comes. */
  readonly isAborted: boolean;
}

/** The parts of a message; lines are without their end. */
export interface Parts {
  readonly prefix: string;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly lines: readonly string[];
  readonly lineEnd: string;
  readonly payload: string;
}

export function textOf({ prefix, method, target, version, lines, lineEnd, payload }: Parts): string {
  const head = [`${method} ${target} ${version}`, ...lines, '', ''].join(lineEnd);
  return prefix + head + payload;
}

/** Text as the bytes of its UTF-8, one character each. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** A body in chunks of at most that many bytes, without the last one (RFC 9112, section 7.1). */
export function chunksOf(body: string, size: number): string {
  const chunks: string[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.slice(at, at + size);
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return chunks.join('');
}

export const LAST_CHUNK = '0\r\n\r\n';
