import type { z } from 'zod';
import { Problem } from '../local/problem.ts';
import { isExact } from './exact-number.ts';

export interface Parsed {
  /** Undefined where the text is not valid JSON. */
  readonly value: unknown;
  /** The numbers that would have been rounded; `value` has them as texts. */
  readonly numbers: readonly string[];
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

// Node passes the source of each number to a reviver, which the library's types of ES2024 lack.
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown;

function parse(text: string): Parsed {
  const numbers: string[] = [];
  const value = parseWith(text, (_, part, { source = '' }) => {
    if (typeof part !== 'number' || isExact(source, part)) return part;
    numbers.push(source);
    return source;
  });
  return { value, numbers };
}

/** Parses a file's text. Throws a Problem that names it. */
export function parseJson(text: string, file: string): Parsed {
  try {
    return parse(text);
  } catch (error) {
    throw new Problem(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export interface Line extends Parsed {
  readonly number: number;
}

/** Parses each line that is not empty. */
export function parseLines(text: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const number = index + 1;
    try {
      return [{ number, ...parse(line) }];
    } catch {
      return [{ number, value: undefined, numbers: [] }];
    }
  });
}

/** What has to be said of the numbers that are taken as texts. */
export function numberRemarks(numbers: readonly string[], taken: unknown): string[] {
  const written = JSON.stringify(taken);
  return numbers
    .filter((number) => written.includes(`"${number}"`))
    .map((number) => `The number ${number} is taken as a text, since it would be rounded`);
}

/** What a schema has against a value, in one line. */
export function reasonsOf({ issues }: z.core.$ZodError): string {
  return issues
    .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
    .join('; ');
}
