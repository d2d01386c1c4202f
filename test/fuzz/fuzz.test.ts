import fc, { type Arbitrary } from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';
import { DRIVERS } from '../support/database.ts';
import { judgeBy } from './answers.ts';
import { type OpenApiDocument, operationsOf } from './document.ts';
import { describeRequest } from './report.ts';
import { type FuzzRequest, requestsFrom } from './requests.ts';
import { search, tableOf } from './search.ts';
import { FuzzSession } from './session.ts';

interface Run {
  readonly setting: (typeof DRIVERS)[number];
  readonly steps: readonly FuzzRequest[];
}

const { requests: wanted, seed } = inject('fuzz');
const LONGEST_RUN = 30;
/** Room for a machine that is far slower than a usual one, and for the search for a short failure. */
const TIMEOUT_MS = 120_000 + wanted * 200;
/** With so many requests every kind of refusal has come; a few hundred meet a conflict two or three times, or never. */
const ENOUGH_FOR_KINDS = 5_000;
/** The caller may do everything, as often as it likes; tests of authentication, scopes and limits provoke these. */
const NOT_PROVOKED = new Set([401, 403, 429]);
/** What whoever keeps a list does has succeeded by then, too. */
const SUCCESSES = [
  'POST /tasks/batch 200',
  'PATCH /tasks/{task_id} 200',
  'POST /tasks/{task_id}/notes 200',
  'GET /tasks/{task_id}/notes 200',
  'DELETE /tasks/{task_id} 200',
  'POST /tasks/{task_id}/restore 200',
  'GET /ids/next 200',
  'POST /ids/next 200',
  'POST /ids/reserve 200',
  'POST /ids/confirm 200',
  'DELETE /ids/reservations/expired 200',
];
/** With so many every answer has come that the document lists and that is no fault of ours. */
const ENOUGH_FOR_ALL = 10_000;

describe('whatever is sent', () => {
  let document: OpenApiDocument;
  let session: FuzzSession;

  beforeAll(async () => {
    const response = await appUnderTest().send('/openapi.json');
    // The shape that OpenAPI 3.1 prescribes; the judge compiles every schema that it needs.
    document = (await response.json()) as OpenApiDocument;
    session = await FuzzSession.open(judgeBy(document));
  });

  it(
    'every request is answered as documented, never with 5xx, and changes nothing when refused',
    async () => {
      const began = Date.now();
      const property = fc.asyncProperty(runsFrom(document), ({ setting, steps }) =>
        session.run(setting, steps),
      );
      await search(property, seed, () => session.sent >= wanted, describeRequest);
      const seconds = ((Date.now() - began) / 1_000).toFixed(1);
      console.info(`${session.sent} requests in ${seconds} s, seed ${seed}\n${tableOf(session.kinds())}`);
    },
    TIMEOUT_MS,
  );

  it('the search has met every kind of answer that so many requests provoke', () => {
    const kinds = [...session.answered.keys()];
    const statuses = new Set(kinds.map((kind) => Number(kind.split(' ').at(-1))));
    expect([...statuses]).toEqual(expect.arrayContaining(statusesAfter(wanted)));
    expect(kinds).toEqual(expect.arrayContaining(wanted >= ENOUGH_FOR_KINDS ? SUCCESSES : []));
    const listed = operationsOf(document).flatMap(({ method, path, answers }) =>
      [...answers.keys()]
        .filter((status) => status < 500 && !NOT_PROVOKED.has(status))
        .map((status) => `${method} ${path} ${status}`),
    );
    expect(kinds).toEqual(expect.arrayContaining(wanted >= ENOUGH_FOR_ALL ? listed : []));
  });
});

function statusesAfter(requests: number): number[] {
  const always = [200, 400, 404, 405];
  return requests >= ENOUGH_FOR_KINDS ? [...always, 204, 409, 413, 414, 415, 431] : always;
}

/** Runs of requests; few, if any, over Hyperdrive, where each request that reaches Postgres makes it fork. */
function runsFrom(document: OpenApiDocument): Arbitrary<Run> {
  return fc.record({
    setting: fc.constantFrom('neon', 'neon', 'neon', ...DRIVERS),
    steps: fc.array(requestsFrom(document), { minLength: 1, maxLength: LONGEST_RUN, size: 'max' }),
  });
}
