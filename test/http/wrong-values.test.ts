import { describe, expect, it } from 'vitest';
import { newTask } from '../support/api.ts';
import { appUnderTest } from '../support/app.ts';
import { tokenOf } from '../support/claim-token.ts';
import { WRONG_LIST_PARAMETERS } from '../support/wrong-list-parameters.ts';
import {
  PROJECT_ID_FORM,
  TASK_ID_FORM,
  type Wrong,
  wrongArtifacts,
  wrongCounts,
  wrongFlags,
  wrongJson,
  wrongLabels,
  wrongLists,
  wrongMoments,
  wrongNumbers,
  wrongObjects,
  wrongProgress,
  wrongProjectIds,
  wrongReasons,
  wrongStatuses,
  wrongTaskIds,
  wrongTexts,
  wrongTokens,
  wrongUsage,
} from '../support/wrong-values.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();

interface Body {
  readonly send: (json: string) => ReturnType<typeof app.get>;
  /** The whole body; `$` stands for the object with the field. */
  readonly around: string;
  /** What leads to the field. */
  readonly path: string;
  readonly required: readonly string[];
  readonly valid: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, readonly Wrong[]>>;
}

const BODIES: Readonly<Record<string, Body>> = {
  MoveRequest: {
    send: (json) => app.put('/tasks/TASK-1/status', json),
    around: '$',
    path: '',
    required: ['status'],
    valid: { status: 'failed' },
    fields: {
      status: wrongStatuses,
      reset: wrongFlags,
      completion_notes: wrongTexts(0, 10_000, true),
      claim_token: wrongTokens(true),
      force: wrongFlags,
      error: wrongTexts(1, 10_000, true),
      delay_seconds: wrongNumbers(0, 604_800, true),
      result: wrongJson(64 * 1024),
      artifacts: wrongArtifacts,
      usage: wrongUsage,
    },
  },
  ClaimRequest: {
    send: (json) => app.post('/tasks/claim', json),
    around: '$',
    path: '',
    required: ['project_id', 'agent_id'],
    valid: { project_id: 'p', agent_id: 'a' },
    fields: {
      project_id: wrongProjectIds,
      agent_id: wrongTexts(1, 200),
      lease_seconds: wrongNumbers(30, 86_400),
      generator_name: wrongTexts(0, 200, true),
      capacity: wrongNumbers(1, 100),
      count: wrongNumbers(1, 25),
      wait_seconds: wrongNumbers(0, 50),
    },
  },
  HeartbeatRequest: {
    send: (json) => app.post('/tasks/TASK-1/heartbeat', json),
    around: '$',
    path: '',
    required: ['claim_token'],
    valid: { claim_token: tokenOf(1) },
    fields: {
      claim_token: wrongTokens(),
      lease_seconds: wrongNumbers(30, 86_400, true),
      progress: wrongProgress,
      checkpoint: wrongJson(16 * 1024),
      usage: wrongUsage,
    },
  },
  ReleaseRequest: {
    send: (json) => app.post('/tasks/TASK-1/release', json),
    around: '$',
    path: '',
    required: ['claim_token'],
    valid: { claim_token: tokenOf(1) },
    fields: {
      claim_token: wrongTokens(),
      reason: wrongReasons,
      delay_seconds: wrongNumbers(0, 604_800, true),
      notes: wrongTexts(0, 10_000, true),
    },
  },
  NextIdRequest: {
    send: (json) => app.post('/ids/next', json),
    around: '$',
    path: '',
    required: ['type', 'project'],
    valid: { type: 'US', project: 'p' },
    fields: { type: wrongTexts(1, 100), project: wrongProjectIds.filter(([sent]) => sent !== '""') },
  },
  ReservationRequest: {
    send: (json) => app.post('/ids/reserve', json),
    around: '$',
    path: '',
    required: ['type', 'count', 'project_id'],
    valid: { type: 'US', count: 1, project_id: 'p' },
    fields: { type: wrongTexts(1, 100), count: wrongCounts, project_id: wrongProjectIds },
  },
  ConfirmRequest: {
    send: (json) => app.post('/ids/confirm', json),
    around: '$',
    path: '',
    required: ['reservation_id'],
    valid: { reservation_id: 'x' },
    fields: { reservation_id: wrongTexts(1, 100) },
  },
  NewTask: {
    send: (json) => app.post('/tasks/batch', json),
    around: '{"tasks":[$]}',
    path: 'tasks[0].',
    required: ['description'],
    valid: newTask('p', 'TASK-1'),
    fields: {
      task_id: wrongTaskIds,
      project_id: wrongProjectIds,
      description: wrongTexts(1, 10_000),
      generator_name: wrongTexts(0, 200, true),
      status: wrongStatuses,
      inputs: wrongLists,
      expected_outputs: wrongLists,
      context_notes: wrongTexts(0, 10_000, true),
      priority: wrongNumbers(0, 4),
      not_before: wrongMoments,
      max_attempts: wrongNumbers(1, 100),
      max_expiries: wrongNumbers(1, 100, true),
      max_run_seconds: wrongNumbers(1, 2_592_000, true),
      labels: wrongLabels,
      metadata: [...wrongJson(4_096), ...wrongObjects],
      needs: wrongLists,
    },
  },
  BatchRequest: {
    send: (json) => app.post('/tasks/batch', json),
    around: '$',
    path: '',
    required: ['tasks'],
    valid: { tasks: [newTask('p', 'TASK-1')] },
    fields: {
      project_id: wrongProjectIds,
      tasks: [
        ...wrongLists.filter(([, problem]) => problem.startsWith('must be')),
        ['[]', 'must have at least one task'],
        [JSON.stringify(Array(501).fill(newTask('p', 'TASK-1'))), 'must have at most 500 tasks'],
      ],
    },
  },
};

/** The problems that a request is refused for, and nothing else. */
async function problemsOf(answer: ReturnType<typeof app.get>) {
  const { status, body } = await answer;
  expect([status, body.code]).toEqual([400, 'validation_error']);
  return body.details['problems'];
}

/** The body with one field as it is given, in JSON. */
function bodyWith({ valid, around }: Body, field: string, sent: string | undefined): string {
  const { [field]: _, ...others } = valid;
  const rest = Object.entries(others).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  const members = sent === undefined ? rest : [...rest, `"${field}":${sent}`];
  return around.replace('$', () => `{${members.join(',')}}`);
}

describe.each(Object.entries(BODIES))('a wrong value in a %s', (name, body) => {
  it.each(Object.keys(body.fields))('a wrong value of %s is reported in one true sentence', async (field) => {
    const place = body.path + field;
    for (const [sent, form] of body.fields[field] ?? []) {
      const problem = `Invalid field ${place}: ${form}`;
      const problems = await problemsOf(body.send(bodyWith(body, field, sent)));
      expect({ sent: sent.slice(0, 60), problems }).toEqual({
        sent: sent.slice(0, 60),
        problems: [{ field: place, problem }],
      });
    }
  });

  it.each(body.required)('the field %s is reported as missing where it is left out', async (field) => {
    const place = body.path + field;
    const problem = `Missing required field: ${place}`;
    expect(await problemsOf(body.send(bodyWith(body, field, undefined)))).toEqual([
      { field: place, problem },
    ]);
  });

  it('these tests try every field that the description lists', async () => {
    // The shape that OpenAPI prescribes.
    const { components } = (await (await app.send('/openapi.json')).json()) as {
      components: { schemas: Record<string, { properties: object; required?: string[] }> };
    };
    const { properties, required } = components.schemas[name] ?? { properties: {} };
    expect(Object.keys(body.fields)).toEqual(Object.keys(properties));
    expect(body.required).toEqual(required);
  });
});

describe('a wrong value in a list of names', () => {
  it.each(['inputs', 'expected_outputs'])(
    'a wrong value in the list %s is reported in one true sentence with its place',
    async (field) => {
      const body = BODIES['NewTask'];
      for (const [sent, form] of wrongTexts(1, 200)) {
        const place = `tasks[0].${field}[1]`;
        const json = body === undefined ? '' : bodyWith(body, field, `["x",${sent},""]`);
        const problem = `Invalid field ${place}: ${form}`;
        expect(await problemsOf(app.post('/tasks/batch', json))).toEqual([{ field: place, problem }]);
      }
    },
  );
});

describe('a wrong value in place of an object', () => {
  it.each(Object.keys(BODIES))('a wrong value for a %s is reported in one true sentence', async (name) => {
    const { send, around = '', path = '' } = BODIES[name] ?? {};
    const place = path.replace(/\.$/, '');
    for (const [sent, form] of wrongObjects) {
      const problem = `${place === '' ? 'Invalid request body' : `Invalid field ${place}`}: ${form}`;
      const problems = await problemsOf(send?.(around.replace('$', sent)) ?? Promise.reject(new Error(name)));
      expect(problems).toEqual([{ field: place, problem }]);
    }
  });
});

describe('a field that goes with another', () => {
  it.each([
    ['error', 'failed', 'x', ''],
    ['delay_seconds', 'failed', 1, -1],
    ['result', 'completed', { ok: true }, '\u0000'],
    ['artifacts', 'completed', [], 1],
  ])(
    'the field %s without its companion is reported in one sentence',
    async (field, status, right, wrong) => {
      const move = (value: unknown) => app.put('/tasks/TASK-1/status', { status: 'pending', [field]: value });
      const problem = `Invalid field ${field}: goes with the status ${status} only; leave it out`;
      expect(await problemsOf(move(right))).toEqual([{ field, problem }]);
      expect(await problemsOf(move(wrong))).toHaveLength(1);
    },
  );
});

const STATUS_FORM = 'must be one of pending, in_progress, completed, failed, cancelled';
const LIMIT_FORM = 'must be a whole number from 1 to 1000, in 1 to 4 digits';
const WAIT_FORM = 'must be a whole number from 0 to 50';
const CURSOR_FORM = 'must be the next_cursor of an earlier answer, unchanged; leave it out to start over';

/** What is wrong with a parameter, by the values that are sent. */
const PARAMETERS = {
  project: ['-p', ' p', 'p%00', 'p'.repeat(101)].map((sent) => [sent, PROJECT_ID_FORM] as const),
  status: ['', 'done', 'PENDING', 'pending,failed'].map((sent) => [sent, STATUS_FORM] as const),
  limit: [
    ...['', '-1', '1.5', '1e2', 'NaN', 'Infinity', '0x1', ' 1', '10000', '99999999999999999999'].map(
      (sent) => [sent, LIMIT_FORM] as const,
    ),
    ['0', 'must be at least 1'],
    ['1001', 'must be at most 1000'],
  ],
  include: ['', 'all', 'attempts,', 'attempts;checkpoint'].map(
    (sent) => [sent, 'must be a list of attempts, checkpoint, needs, separated by commas'] as const,
  ),
  purge: ['', '1', 'yes', 'TRUE'].map((sent) => [sent, 'must be true or false'] as const),
  expected_revision: ['', '-1', '1.5', '"1"', '2147483648'].map(
    (sent) => [sent, 'must be the revision of a task, such as 3'] as const,
  ),
  wait_seconds: ['', '-1', '1.5', '51', '100', '1e1', ' 1'].map((sent) => [sent, WAIT_FORM] as const),
  cursor: ['', '!', 'MA', 'LTE', 'x'.repeat(5_000)].map((sent) => [sent, CURSOR_FORM] as const),
} as const;

const wrongOf = (
  path: string,
): Readonly<Record<string, readonly (readonly [sent: string, form: string])[]>> =>
  path === '/tasks' ? { ...PARAMETERS, ...WRONG_LIST_PARAMETERS } : PARAMETERS;
// They are literals.
const LIST_NAMES = Object.keys(WRONG_LIST_PARAMETERS) as (keyof typeof WRONG_LIST_PARAMETERS)[];

const QUERIES = [
  ['GET', '/tasks/next', ['project', 'status', 'wait_seconds']],
  ['GET', '/tasks', ['project', ...LIST_NAMES, 'limit', 'cursor']],
  ['GET', '/tasks/TASK-1', ['project', 'include']],
  ['DELETE', '/tasks/TASK-1', ['project', 'purge']],
  ['PATCH', '/tasks/TASK-1', ['project', 'expected_revision']],
  ['PUT', '/tasks/TASK-1/status', ['project']],
  ['POST', '/tasks/TASK-1/heartbeat', ['project']],
  ['POST', '/tasks/TASK-1/release', ['project']],
] as const;

describe.each(QUERIES)('a wrong parameter of %s %s', (method, path, names) => {
  const ask = (target: string) => {
    const init = ['PUT', 'POST', 'PATCH'].includes(method) ? { body: '{}' } : {};
    return app.get(target, { method, headers: { 'content-type': 'application/json' }, ...init });
  };
  const with_ = (name: string, ...sent: string[]) => {
    const pairs = sent.map((value) => `${name}=${encodeURI(decodeURI(value))}`);
    return ask(`${path}?${[...(name === 'project' ? [] : ['project=p']), ...pairs].join('&')}`);
  };

  it.each(names)('the parameter %s is reported in one true sentence', async (name) => {
    for (const [sent, form] of wrongOf(path)[name] ?? []) {
      const problem = `Invalid parameter ${name}: ${form}`;
      expect(await problemsOf(with_(name, sent))).toEqual([{ parameter: name, problem }]);
    }
  });

  it.each(names)('the parameter %s is reported in one true sentence where it comes twice', async (name) => {
    const problem = `Parameter ${name} is given twice: give it once`;
    expect(await problemsOf(with_(name, 'p', 'p'))).toEqual([{ parameter: name, problem }]);
    expect(await problemsOf(with_(name, '', 'p'))).toEqual([{ parameter: name, problem }]);
  });

  it('an unknown parameter is reported in one true sentence', async () => {
    const problem = `Unknown parameter: x. Known parameters: ${names.join(', ')}`;
    expect(await problemsOf(with_('x', '1'))).toEqual([{ parameter: 'x', problem }]);
    expect(await problemsOf(with_('x', '1', '2'))).toEqual([{ parameter: 'x', problem }]);
  });
});

describe('a wrong id in the path', () => {
  it.each(['GET', 'DELETE'])('a wrong id in a %s is reported in one true sentence', async (method) => {
    const ask = (id: string) => problemsOf(app.get(`/tasks/${id}?project=p`, { method }));
    const told = (form: string) => [{ parameter: 'task_id', problem: `Invalid parameter task_id: ${form}` }];
    for (const id of ['task-1', 'TASK-1%0A', 'x'.repeat(30), '%FF-1'])
      expect(await ask(id)).toEqual(told(TASK_ID_FORM));
    expect(await ask(`TASK-${'1'.repeat(60)}`)).toEqual(told('must have at most 64 characters'));
  });
});

describe('a wrong Idempotency-Key', () => {
  it.each(['', 'a b', 'é', 'x'.repeat(256), 'a, b'])('the key "%s" is reported as wrong', async (key) => {
    const problem = 'Invalid parameter idempotency-key: must have 1 to 255 visible ASCII characters';
    const answer = app.post('/tasks/claim', { project_id: 'p', agent_id: 'a' }, { 'idempotency-key': key });
    expect(await problemsOf(answer)).toEqual([{ parameter: 'idempotency-key', problem }]);
  });
});
