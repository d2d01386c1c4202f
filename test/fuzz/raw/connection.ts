import { connect } from 'node:net';
import { type HeaderObject, HTTPParser } from 'http-parser-js';
import type { FuzzAnswer } from '../answers.ts';

/** Longer than a request may wait for a task. */
const PATIENCE_MS = 60_000;

// The parser counts what comes after a large body, too.
HTTPParser.maxHeaderSize = 64 * 1_024 * 1_024;

/**
 * Sends bytes, one for each character, over a connection of their own, and collects what comes back until the other
 * side closes it. With `isAborted` it is torn down as soon as the bytes are out, and nothing comes back.
 */
export function converse(port: number, text: string, isAborted: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(PATIENCE_MS, () => {
      reject(new Error(`The connection stays open and silent for ${PATIENCE_MS} ms`));
      socket.destroy();
    });
    socket.on('data', (chunk) => received.push(chunk));
    // A reset is an answer, too: the other side has had enough.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(received)));
    socket.write(Buffer.from(text, 'latin1'), () => (isAborted ? socket.resetAndDestroy() : socket.end()));
  });
}

/**
 * Reads the answers to requests of those methods, and those behind them to whatever else was taken for a request.
 * Interim answers are left out. Throws where the bytes are no HTTP.
 */
export function answersIn(bytes: Buffer, methods: readonly string[]): FuzzAnswer[] {
  const answers: FuzzAnswer[] = [];
  let head = { status: 0, headers: new Headers() };
  let body: Buffer[] = [];
  const parser = new HTTPParser(HTTPParser.RESPONSE);
  // It takes whole answers for header fields when they come in one piece.
  parser.maxHeaderSize = bytes.length;
  parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers }) => {
    head = { status: statusCode, headers: headersOf(headers) };
    body = [];
    return Number(methods[answers.length] === 'HEAD' || isBodiless(statusCode));
  };
  parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
    body.push(chunk.subarray(offset, offset + length));
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (!isInterim(head.status)) answers.push({ ...head, text: Buffer.concat(body).toString() });
  };
  const failure = [parser.execute(bytes), parser.finish()].find((result) => result instanceof Error);
  if (failure instanceof Error) throw failure;
  return answers;
}

/** Whether no body follows, whatever the headers say (RFC 9112, section 6.3); the parser has to be told. */
function isBodiless(status: number): boolean {
  return isInterim(status) || status === 204 || status === 304;
}

function isInterim(status: number): boolean {
  return status < 200;
}

/** Names and values in turn. */
function headersOf(list: HeaderObject): Headers {
  const headers = new Headers();
  for (let index = 0; index < list.length; index += 2) {
    headers.append(list[index] ?? '', list[index + 1] ?? '');
  }
  return headers;
}
