import { describe, expect, it } from 'vitest';
import { isNestedDeeperThan } from '../../src/http/json-depth.ts';

const isDeeper = (limit: number, json: string) => isNestedDeeperThan(limit, new TextEncoder().encode(json));

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
    [']]][', 0],
  ])('is counted in arrays and objects alike: %s', (json, depth) => {
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
  ])('does not grow within a string: %s', (json, depth) => {
    expect(depthOf(json)).toBe(depth);
  });

  it('is at the bound or past it', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(isDeeper(32, nested(32))).toBe(false);
    expect(isDeeper(32, nested(33))).toBe(true);
  });
});
