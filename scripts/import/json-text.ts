import type { z } from 'zod';
import { Problem } from '../local/problem.ts';

/** Parses a file's text. Throws a Problem that names it. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export interface Line {
  readonly number: number;
  /** Undefined where the line is not valid JSON. */
  readonly value: unknown;
}

/** Parses each line that is not empty. */
export function parseLines(text: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const number = index + 1;
    try {
      // What is valid is never undefined.
      return [{ number, value: JSON.parse(line) as unknown }];
    } catch {
      return [{ number, value: undefined }];
    }
  });
}

/** What a schema has against a value, in one line. */
export function reasonsOf({ issues }: z.core.$ZodError): string {
  return issues
    .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
    .join('; ');
}
