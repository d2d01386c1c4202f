import { describe, expect, it } from 'vitest';
import { structureOf } from '../../src/http/json-structure.ts';

const isDeeper = (limit: number, json: string) => structureOf(json, limit, 0).isTooDeep;

/** How deep a text is nested: the least limit that it keeps. */
function depthOf(json: string): number {
  let limit = 0;
  while (isDeeper(limit, json)) limit += 1;
  return limit;
}

describe('how deep JSON is nested', () => {
  it.each([
    ['0', 0],
    ['', 0],
    ['[]', 1],
    ['{}', 1],
    ['[[],{}]', 2],
    ['{"a":{"b":[{}]}}', 4],
    ['[[[]],[[]]]', 3],
    ['[[[[', 4],
    [']]][', 1],
  ])('depth is counted in arrays and objects alike: %s', (json, depth) => {
    expect(depthOf(json)).toBe(depth);
  });

  it.each([
    ['["[[[["]', 1],
    ['{"{{{":"}}}"}', 1],
    ['["\\"[[["]', 1],
    ['["\\\\",[]]', 2],
    ['["\\\\\\"[",{"a":[]}]', 3],
    ['["é😀[Ż",[]]', 2],
    ['"[[[', 0],
    ['"\\', 0],
    ['"\\"[', 0],
  ])('brackets within a string add no depth: %s', (json, depth) => {
    expect(depthOf(json)).toBe(depth);
  });

  it('a text at the bound is accepted, one past it is too deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(isDeeper(32, nested(32))).toBe(false);
    expect(isDeeper(32, nested(33))).toBe(true);
  });
});

describe('the members of JSON whose names come twice', () => {
  const repeatedIn = (json: string, most = 50) => structureOf(json, 32, most).repeated;

  it.each([
    ['{"a":1,"a":2}', [['a']]],
    ['{"a":1,"b":2,"a":3,"b":4,"a":5}', [['a'], ['b']]],
    ['[{"a":1},{"b":[0,{"c":1,"c":2}]}]', [[1, 'b', 1, 'c']]],
    ['{"a":{"x":1},"b":{"x":1},"a":{"x":1}}', [['a']]],
    ['{"\\u0061":1,"a":2}', [['a']]],
    ['{"\\/":1,"/":2}', [['/']]],
    ['{"\\"":1,"\\u0022":2}', [['"']]],
    ['{"😀":1,"\\ud83d\\ude00":2}', [['😀']]],
    ['{"":1,"":2}', [['']]],
    ['{"1":1,"1":2,"01":3}', [['1']]],
    ['{"__proto__":1,"__proto__":2}', [['__proto__']]],
  ])('repeated members are named with their places: %s', (json, places) => {
    expect(repeatedIn(json)).toEqual({ places, count: places.length });
  });

  it.each([
    '{"a":"a"}',
    '{"a":1,"A":2}',
    '["a","a"]',
    '{"a":["a","a"],"b":{"a":1}}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"hasOwnProperty":1,"constructor":2}',
    '{"\\ud800":1,"\\udfff":2}',
  ])('no member is repeated in %s', (json) => {
    expect(repeatedIn(json)).toEqual({ places: [], count: 0 });
  });

  it('repeated members are listed up to a bound and counted beyond', () => {
    const members = Array.from({ length: 100 }, (_, index) => `"${index >> 1}":0`);
    expect(repeatedIn(`{${members.join(',')}}`, 3)).toEqual({ places: [['0'], ['1'], ['2']], count: 50 });
  });

  it.each([
    '{"a" "a"',
    '{"a"',
    '{"a\\',
    '{"\\x":1,"\\x":2',
    '}{"a":1',
    '{,,"a"',
    '[}',
    '{"a":1]',
    '"',
    '{"a":"',
  ])('a text that is no JSON does no harm: %s', (text) => {
    expect(() => repeatedIn(text)).not.toThrow();
  });
});
