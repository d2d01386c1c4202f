import { describe, expect, it } from 'vitest';
import { addTasksInput } from '../../src/contract/add-tasks.ts';
import { cursor, encodeCursor } from '../../src/contract/cursor.ts';
import { schemaOf } from '../../src/contract/input.ts';
import { listTasksInput } from '../../src/contract/list-tasks.ts';
import { text } from '../../src/contract/text.ts';
import { namesIn } from '../../src/contract/wording.ts';
import { describeIssues } from '../../src/http/problems.ts';
import { limitText } from '../../src/rest/query-texts.ts';
import { newTask } from '../support/api.ts';

const batchBody = schemaOf('field', addTasksInput);
const listQuery = schemaOf('parameter', { fields: { ...listTasksInput.fields, limit: limitText } });

describe('a cursor', () => {
  it.each([1, 9, 10, 99, 100, 1_000_000, Number.MAX_SAFE_INTEGER])('a cursor leads to %i', (position) => {
    const encoded = encodeCursor(position);
    expect(encoded).toMatch(/^[A-Za-z0-9+/]+$/);
    expect(cursor.parse(encoded)).toBe(position);
  });

  it('a missing cursor is the start', () => {
    expect(cursor.parse(undefined)).toBe(0);
  });

  it.each(['', '0', '01', '-1', '1.5', '1e3', ' 1', '1 ', 'x1', '1x', '9007199254740993', '1'.repeat(17)])(
    'a cursor that holds %j is refused',
    (content) => {
      const { success, error } = cursor.safeParse(btoa(content));
      expect(success).toBe(false);
      expect(error?.issues).toEqual([
        expect.objectContaining({ message: expect.stringContaining('leave it out to start over') }),
      ]);
    },
  );
});

describe('a text', () => {
  const isText = (bounds: { min?: number; max: number }, value: string) =>
    text(bounds).safeParse(value).success;

  it('a text is counted in characters, not in UTF-16 units', () => {
    expect(isText({ max: 3 }, '😀😀😀')).toBe(true);
    expect(isText({ max: 3 }, '😀😀😀😀')).toBe(false);
    expect(isText({ max: 3 }, 'abc')).toBe(true);
    expect(isText({ max: 3 }, 'abcd')).toBe(false);
  });

  it('a text may be as short as its min, by default empty', () => {
    expect(isText({ max: 3 }, '')).toBe(true);
    expect(isText({ min: 2, max: 3 }, 'ab')).toBe(true);
    expect(isText({ min: 2, max: 3 }, 'a')).toBe(false);
  });
});

describe('the bounds of a request', () => {
  const batch = (fields: Record<string, unknown>) =>
    batchBody.safeParse({ tasks: [{ ...newTask('p', 'TASK-1'), ...fields }] });

  it.each([
    { task_id: `T-${'1'.repeat(18)}` },
    { task_id: 'A9Z-0' },
    { project_id: 'p'.repeat(100) },
    { project_id: '0._-Az' },
    { description: 'x'.repeat(10_000) },
    { generator_name: 'x'.repeat(200) },
    { inputs: Array(100).fill('x'.repeat(200)) },
    { context_notes: 'x'.repeat(10_000) },
  ])('the bound itself is allowed: %j', (fields) => {
    expect(batch(fields).error?.issues).toBeUndefined();
  });

  it('a batch may have 500 tasks', () => {
    const tasks = Array.from({ length: 500 }, (_, index) => newTask('p', `TASK-${index}`));
    expect(batchBody.safeParse({ tasks }).success).toBe(true);
  });

  it('a batch may have the same id in two projects', () => {
    const tasks = [newTask('p', 'TASK-1'), newTask('q', 'TASK-1')];
    expect(batchBody.safeParse({ tasks }).success).toBe(true);
  });

  it.each(['1', '9', '10', '999', '1000'])('a page may have %s tasks', (limit) => {
    expect(listQuery.parse({ project: 'p', limit })).toMatchObject({ limit: Number(limit), cursor: null });
  });

  it.each(['', '-1', '+5', ' 5', '5 ', '5x', 'x5', '0x10', '10000', '1.5'])(
    'the limit %j is refused as no number',
    (limit) => {
      const { error } = listQuery.safeParse({ project: 'p', limit });
      expect(error?.issues.map(({ message }) => message)).toEqual([
        'must be a whole number from 1 to 1000, in 1 to 4 digits',
      ]);
    },
  );
});

describe('the names that a caller made up', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

  it('unknown names are shown up to ten and counted beyond', () => {
    expect(namesIn(names(10))).toEqual(names(10));
    expect(namesIn(names(11))).toEqual([...names(10), 'and 1 more']);
  });

  it('unknown names are cut at 60 characters', () => {
    expect(namesIn(['x'.repeat(61)])).toEqual(['x'.repeat(60)]);
  });
});

describe('what is wrong with a request', () => {
  const issues = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: [`f${index}`], message: 'must be short' }));

  it('three problems are told in full, more are summed up', () => {
    expect(describeIssues(issues(3), 'field').sentence).toBe(
      'Invalid field f0: must be short; Invalid field f1: must be short; Invalid field f2: must be short',
    );
    expect(describeIssues(issues(4), 'field').sentence).toMatch(
      /f2: must be short; and 1 more, see details$/,
    );
  });

  it('a problem is listed with its place, down to entries of lists', () => {
    const { problems } = describeIssues([{ path: ['tasks', 2, 'inputs', 0], message: 'x' }], 'field');
    expect(problems).toEqual([
      { field: 'tasks[2].inputs[0]', problem: 'Invalid field tasks[2].inputs[0]: x' },
    ]);
  });

  it('a problem without a place is one of the body', () => {
    const problem = 'Invalid request body: must be an object';
    expect(describeIssues([{ path: [], message: 'must be an object' }], 'field')).toEqual({
      sentence: problem,
      problems: [{ field: '', problem }],
    });
  });

  it('a list in a body is called a list, not a repeated parameter', () => {
    const issue = { path: ['status'], message: 'must be a string, not an array', input: [] };
    expect(describeIssues([issue], 'field').sentence).toBe(
      'Invalid field status: must be a string, not an array',
    );
    expect(describeIssues([issue], 'parameter').sentence).toBe(
      'Parameter status is given twice: give it once',
    );
  });
});
