import type { z } from 'zod';
import type { Noun } from '../contract/input.ts';
import { type IssueParams, namesIn, shortened } from '../contract/wording.ts';
import { type DomainError, refusal } from '../domain/errors/index.ts';
import type { Problems } from '../domain/errors/requests.ts';
import type { Place } from './json-structure.ts';

interface Issue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly input?: unknown;
  readonly keys?: readonly string[];
  readonly params?: IssueParams | undefined;
}

const NAMED_IN_SENTENCE = 3;
export const LISTED_IN_DETAILS = 50;
const GIVEN_TWICE = 'is given twice: give it once';

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function placesOf({ path, keys }: Issue): string[] {
  return keys === undefined ? [pathOf(path)] : namesIn(keys).map((key) => pathOf([...path, key]));
}

/** zod's codes for a value of another type; a missing one included. */
const OF_TYPE: ReadonlySet<string | undefined> = new Set(['invalid_type', 'invalid_value', 'invalid_union']);

function isMissing({ code, input, params }: Issue): boolean {
  return params?.isMissing === true || (OF_TYPE.has(code) && input === undefined);
}

function sentenceOf(issue: Issue, noun: Noun): string {
  const { code, message, path, input, params } = issue;
  const field = pathOf(path);
  if (code === 'unrecognized_keys') return field === '' ? message : `${field}: ${message}`;
  if (params?.isWholeSentence) return message;
  if (isMissing(issue)) return `Missing required ${noun}: ${field}`;
  // A repeated parameter arrives as a list.
  if (noun === 'parameter' && Array.isArray(input)) return `Parameter ${field} ${GIVEN_TWICE}`;
  return field === '' ? `Invalid request body: ${message}` : `Invalid ${noun} ${field}: ${message}`;
}

function summary(problems: readonly { readonly problem: string }[], count: number): string {
  const named = problems.slice(0, NAMED_IN_SENTENCE).map(({ problem }) => problem);
  const unnamed = count - named.length;
  return named.join('; ') + (unnamed > 0 ? `; and ${unnamed} more, see details` : '');
}

/** Describes fields that come twice, the first of `count`; their names may be made up. */
export function describeRepeated(places: readonly Place[], count: number): Problems {
  const problems = places.map((place) => {
    const field = shortened(pathOf(place));
    return { field, problem: `Field ${field} ${GIVEN_TWICE}` };
  });
  return { sentence: summary(problems, count), problems };
}

/** Turns issues into one sentence for the reader and a list for the program. */
export function describeIssues(issues: readonly Issue[], noun: Noun): Problems {
  const problems = issues.slice(0, LISTED_IN_DETAILS).map((issue) => ({
    [noun]: placesOf(issue).join(', '),
    problem: sentenceOf(issue, noun),
  }));
  return { sentence: summary(problems, issues.length), problems };
}

/** A `validation_error` for what describeIssues or describeRepeated found. */
export function invalid(problems: Problems): DomainError {
  return refusal('invalid_body', problems);
}

/** Parses a part of a request; refuses with `validation_error`. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, noun: Noun): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalid(describeIssues(parsed.error.issues, noun));
}
