/** A wrong value, as the JSON text or the parameter that is sent, and what is to be said of it. */
export type Wrong = readonly [sent: string, problem: string];

const TYPES: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'a boolean',
  '5': 'a number',
  '"x"': 'a string',
  '{"length":5000}': 'an object',
  [JSON.stringify(Array(600).fill('x'))]: 'an array',
};

/** A value of every type but these. */
function ofOtherTypes(form: string, ...fitting: string[]): Wrong[] {
  return Object.entries(TYPES)
    .filter(([, type]) => !fitting.includes(type))
    .map(([sent, type]) => [sent, `must be ${form}, not ${type}`]);
}

const anyOf = (problem: string, ...sent: string[]): Wrong[] => sent.map((text) => [text, problem]);
const orNull = (isNullable: boolean) => (isNullable ? ['null'] : []);

/** What is wrong with a text of `min` to `max` characters; where more is, one of it. */
export function wrongTexts(min: number, max: number, isNullable = false): Wrong[] {
  const length = min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`;
  const long = 'x'.repeat(max + 1);
  return [
    ...ofOtherTypes('a string', 'a string', ...orNull(isNullable)),
    ...(min === 0 ? [] : anyOf(length, '""')),
    ...anyOf(length, `"${long}"`, `"\\u0000\\ud800${long}"`),
    ...anyOf('must not contain NUL characters (U+0000); leave them out', '"a\\u0000b"', '"\\u0000\\ud800"'),
    ['"\\udfff"', 'must not contain lone surrogates (U+D800 to U+DFFF); send well-formed Unicode'],
  ];
}

/** What is wrong with a count in the type; one out of bounds has a sentence of its own. */
export const wrongCounts = ofOtherTypes('a whole number', 'a number');

/** What is wrong with a whole number. */
export function wrongNumbers(least: number, most: number, isNullable = false): Wrong[] {
  const problem = `must be a whole number from ${least} to ${most}`;
  const others = Object.keys(TYPES).filter((sent) => sent !== '5' && !(isNullable && sent === 'null'));
  return anyOf(
    problem,
    ...others,
    ...['""', '"NaN"', '"1"', '-1', '-1.5', '0.5', '1.5', '1e400', '-1e400', '1e300'],
    ...['99999999999999999999', '-99999999999999999999', `${least - 1}`, `${most + 1}`, `${most}.5`],
  );
}

/** What is wrong with the token of a claim. */
export function wrongTokens(isNullable = false): Wrong[] {
  const form = 'must be the text that the claim answered as token';
  const others = Object.keys(TYPES).filter((sent) => !['5', '"x"', ...orNull(isNullable)].includes(sent));
  return [
    ...anyOf(form, ...others),
    ...anyOf(
      `${form}, unchanged`,
      '""',
      '"1042"',
      '"1042."',
      `"0.${'A'.repeat(16)}"`,
      `"1.${'A'.repeat(17)}"`,
    ),
    ...anyOf(
      `${form}, such as "1042.…"; a number is one of an earlier version: claim the task again`,
      '5',
      '1042',
      '1e300',
    ),
  ];
}

export const wrongFlags = ofOtherTypes('true or false', 'a boolean');
export const wrongObjects = ofOtherTypes('an object', 'an object');

const ONE_OF = 'must be one of pending, in_progress, completed, failed, cancelled';
export const wrongStatuses: Wrong[] = [
  ...anyOf(ONE_OF, 'null', '5', 'true', '{}', '""', '"done"', '"PENDING"', '" pending"'),
  ['["pending"]', `${ONE_OF}, not an array`],
];

export const PROJECT_ID_FORM =
  'must be 1 to 100 letters, digits, dots, underscores or hyphens, the first a letter or digit';
export const wrongProjectIds: Wrong[] = [
  ...ofOtherTypes('a string', 'a string'),
  ...anyOf(PROJECT_ID_FORM, '""', '"-p"', '"a b"', '"p\\n"', '"é"', `"${'p'.repeat(101)}"`),
];

export const TASK_ID_FORM =
  'must begin with a capital letter and end with a number: groups of capital letters and digits joined by hyphens, such as TASK-051';
const LONG_ID = 'must have at most 64 characters';
export const wrongTaskIds: Wrong[] = [
  ...ofOtherTypes('a string', 'a string'),
  ...anyOf(
    TASK_ID_FORM,
    '""',
    '"task-1"',
    '"TASK1"',
    '"TASK-1\\n"',
    '"TASK-1-"',
    '"TASK--1"',
    '"TODO-HLS"',
    `"${'x'.repeat(90)}"`,
  ),
  [`"TASK-${'1'.repeat(60)}"`, LONG_ID],
];

const MOMENT = 'must be a moment in ISO 8601 with Z or an offset from UTC, such as 2026-01-31T09:00:00Z';
const YEARS = 'must lie in the years 1970 to 9999 of UTC';
export const wrongMoments: Wrong[] = [
  ...anyOf(MOMENT, '""', '"x"', '5', 'true', '[]', '{}', '"2026-01-31"', '"2026-01-31T09:00:00"'),
  ...anyOf(MOMENT, '"2026-02-30T09:00:00Z"', '"2026-01-31T24:00:00Z"', '"20260131T090000Z"'),
  ...anyOf(YEARS, '"0000-01-01T00:00:00Z"', '"1969-12-31T23:59:59Z"', '"9999-12-31T23:59:59-00:01"'),
];

/** What is wrong with a list of names, where the wrong entry has a place of its own. */
export const wrongLists: Wrong[] = [
  ...ofOtherTypes('an array', 'an array'),
  [JSON.stringify(Array(101).fill('')), 'must have at most 100 entries'],
];

export const wrongLabels: Wrong[] = [
  ...ofOtherTypes('an array', 'an array'),
  [JSON.stringify(Array(21).fill('')), 'must have at most 20 entries'],
];

const ONE_OF_REASONS = 'must be one of rate_limited, shutting_down, unable';
export const wrongReasons: Wrong[] = anyOf(ONE_OF_REASONS, '5', 'true', '{}', '[]', '""', '"tired"');

/** What is wrong with any JSON of at most so many bytes. */
export function wrongJson(maxBytes: number): Wrong[] {
  return [
    [`"${'x'.repeat(maxBytes - 1)}"`, `must have at most ${maxBytes} bytes as JSON`],
    ...anyOf(
      'must not contain NUL characters (U+0000); leave them out',
      '"\\u0000"',
      '{"a\\u0000":1}',
      '[["\\u0000"]]',
    ),
    ['{"a":["\\ud800"]}', 'must not contain lone surrogates (U+D800 to U+DFFF); send well-formed Unicode'],
    ...anyOf('must not contain numbers beyond 1.8e308', '1e400', '{"a":-1e400}'),
  ];
}

const notObjects = ofOtherTypes('an object', 'an object', 'null');

export const wrongProgress: Wrong[] = [...notObjects.filter(([sent]) => sent !== 'null')];

export const wrongUsage: Wrong[] = [...notObjects.filter(([sent]) => sent !== 'null')];

export const wrongArtifacts: Wrong[] = [
  ...ofOtherTypes('an array', 'an array', 'null'),
  [JSON.stringify(Array(101).fill({ name: 'a', uri: 'b' })), 'must have at most 100 entries'],
];
