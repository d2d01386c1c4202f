import { describe, expect, it } from 'vitest';
import { readable, tellingHeaders } from '../../src/rest/reference/browser/answer.ts';
import { requestOf } from '../../src/rest/reference/browser/request.ts';

const KEY = 'ttk_secret';

describe('a request that is tried', () => {
  const move = (values: Readonly<Record<string, string>>, key = '') =>
    requestOf(
      'PUT',
      '/tasks/{task_id}/status',
      [
        { in: 'path', name: 'task_id', value: values['task_id'] ?? '' },
        { in: 'query', name: 'project', value: values['project'] ?? '' },
        { in: 'header', name: 'idempotency-key', value: values['idempotency-key'] ?? '' },
        { in: 'body', name: '', value: values['body'] ?? '' },
      ],
      key,
    );

  it('each field goes where the description says', () => {
    expect(move({ task_id: 'TASK-1', project: 'p', 'idempotency-key': 'k', body: '{}' }, KEY)).toEqual({
      target: '/tasks/TASK-1/status?project=p',
      init: {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${KEY}`,
          'content-type': 'application/json',
          'idempotency-key': 'k',
        },
        body: '{}',
      },
    });
  });

  it('the key is in no address', () => {
    expect(move({ task_id: 'TASK-1', project: 'p' }, KEY).target).not.toContain(KEY);
  });

  it('what is empty is left out', () => {
    expect(move({ task_id: 'TASK-1' })).toEqual({
      target: '/tasks/TASK-1/status',
      init: { method: 'PUT', headers: {} },
    });
  });

  it('a value with special characters stays one value', () => {
    expect(move({ task_id: '../next?x', project: 'a&b=c' }).target).toBe(
      '/tasks/..%2Fnext%3Fx/status?project=a%26b%3Dc',
    );
  });
});

describe('an answer that is shown', () => {
  it('JSON is indented, and anything else stays as it came', () => {
    expect(readable('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(readable('tasks_total 3\n')).toBe('tasks_total 3\n');
    expect(readable('')).toBe('');
  });

  it('of the headers only those are shown that tell something', () => {
    const headers = new Headers({ 'x-request-id': 'r', 'retry-after': '10', 'cache-control': 'no-store' });
    expect(tellingHeaders(headers)).toEqual([
      ['x-request-id', 'r'],
      ['retry-after', '10'],
    ]);
  });
});
