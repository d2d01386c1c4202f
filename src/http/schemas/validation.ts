import type { OpenAPIHonoOptions } from '@hono/zod-openapi';
import type { ErrorDetails } from '../../domain/errors.ts';
import type { AppEnv } from '../context.ts';
import { validationError } from '../errors.ts';
import type { Place } from '../json-structure.ts';
import { namesIn, shortened } from './closed-object.ts';
import { MISSING, NOT_AN_ARRAY } from './wording.ts';

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
  /** The unknown fields, where they are what is wrong. */
  readonly keys?: readonly string[];
}

const NAMED_IN_SENTENCE = 3;
/** How many problems of a request the details list. */
export const LISTED_IN_DETAILS = 50;
const GIVEN_TWICE = 'is given twice: give it once';
/** Messages that name what they speak of; all others are said of a field. */
const WHOLE_SENTENCE = /^(Unknown|Missing|Duplicate) /;

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function placesOf({ path, keys }: Issue): string[] {
  return keys === undefined ? [pathOf(path)] : namesIn(keys).map((key) => pathOf([...path, key]));
}

function sentenceOf({ message, path }: Issue, noun: string): string {
  const field = pathOf(path);
  if (WHOLE_SENTENCE.test(message)) {
    return message.startsWith('Unknown') && field !== '' ? `${field}: ${message}` : message;
  }
  if (message === GIVEN_TWICE) return `Field ${field} ${GIVEN_TWICE}`;
  if (noun === 'parameter' && message.endsWith(NOT_AN_ARRAY)) return `Parameter ${field} ${GIVEN_TWICE}`;
  if (message === MISSING) return `Missing required ${noun}: ${field}`;
  return field === '' ? `Invalid request body: ${message}` : `Invalid ${noun} ${field}: ${message}`;
}

interface Description {
  readonly sentence: string;
  readonly details: ErrorDetails;
}

/** Says of the fields at these places, the first of `count`, that they come twice; their names may be made up. */
export function describeRepeated(places: readonly Place[], count: number): Description {
  const issues = places.map((place) => ({ path: [shortened(pathOf(place))], message: GIVEN_TWICE }));
  return describeIssues(issues, 'field', count);
}

/** Turns what a schema found, the first of `count` issues, into one sentence for the reader and a list for the program. */
export function describeIssues(
  issues: readonly Issue[],
  noun: 'field' | 'parameter',
  count = issues.length,
): Description {
  const problems = issues.slice(0, LISTED_IN_DETAILS).map((issue) => ({
    [noun]: placesOf(issue).join(', '),
    problem: sentenceOf(issue, noun),
  }));
  const named = problems.slice(0, NAMED_IN_SENTENCE).map(({ problem }) => problem);
  const unnamed = count - named.length;
  return {
    sentence: named.join('; ') + (unnamed > 0 ? `; and ${unnamed} more, see details` : ''),
    details: { problems },
  };
}

/** Refuses what a route's schema refuses; every route validates through this hook. */
export const refuseInvalid: NonNullable<OpenAPIHonoOptions<AppEnv>['defaultHook']> = (result) => {
  if (result.success) return undefined;
  const noun = result.target === 'json' ? 'field' : 'parameter';
  const { sentence, details } = describeIssues(result.error.issues, noun);
  throw validationError(sentence, details);
};
