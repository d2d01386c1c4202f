import { type Body, bytesOf } from './bodies.ts';
import type { FuzzRequest } from './requests.ts';

const LONGEST_SHOWN = 2_000;

/** Shows a request so that a reader can send it again. */
export function describeRequest({ method, target, headers, body }: FuzzRequest): string[] {
  const shown = headers.map(([name, value]) => `  ${name}: ${short(value)}`);
  return [
    `${method} ${short(target)}`,
    ...shown,
    ...(body === undefined ? [] : [`  body: ${describeBody(body)}`]),
  ];
}

function describeBody({ paddedTo, ...body }: Body): string {
  const padding = paddedTo === undefined ? '' : ` and blanks up to ${paddedTo} bytes`;
  return short(textOf(bytesOf(body))) + padding;
}

/** Bytes that are UTF-8 as JSON text, others in hexadecimal. */
function textOf(bytes: Uint8Array): string {
  try {
    return JSON.stringify(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return [...bytes.subarray(0, LONGEST_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
}

function short(text: string): string {
  const more = text.length - LONGEST_SHOWN;
  return more > 0 ? `${text.slice(0, LONGEST_SHOWN)}… and ${more} characters more` : text;
}
