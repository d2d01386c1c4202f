import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { type Judge, judgeBy, sentPathOf } from '../fuzz/answers.ts';
import type { OpenApiDocument } from '../fuzz/document.ts';
import { exchangesFrom } from '../fuzz/raw/exchanges.ts';
import { describeExchange } from '../fuzz/raw/report.ts';
import { RawSession } from '../fuzz/raw/session.ts';
import { search, tableOf } from '../fuzz/search.ts';
import { openTestDatabase } from '../support/database.ts';
import { npmStart, type RunningService } from '../support/npm-start.ts';

const { requests: wanted, seed } = inject('fuzz');
const LONGEST_RUN = 10;
/** Room for a machine that is far slower than a usual one, and for the search for a short failure. */
const TIMEOUT_MS = 120_000 + wanted * 200;
const FAULTS_SHOWN = 3;
/** With so many requests each of these has come. */
const ENOUGH_FOR_KINDS = 1_000;
const KINDS = [
  'GET /tasks 200',
  'POST /tasks/batch 400',
  'PUT /tasks/{task_id}/status 200',
  'by workerd 400',
  'by workerd 501',
  'closed without an answer',
  'torn down',
];

describe('whatever comes over a socket', () => {
  let service: RunningService;
  let session: RawSession;
  let document: OpenApiDocument;
  let judge: Judge;

  beforeAll(async () => {
    const database = await openTestDatabase();
    const port = await freePort();
    const dataDir = await temporaryFolder('fuzz');
    service = await npmStart(['--port', String(port), '--data-dir', dataDir], {
      DATABASE_URL: database.hyperdrive,
      LOG_LEVEL: 'error',
    });
    const response = await fetch(`${service.url}/openapi.json`);
    // The shape that OpenAPI 3.1 prescribes; the judge compiles every schema that it needs.
    document = (await response.json()) as OpenApiDocument;
    const faults = () =>
      service
        .log()
        .slice(-FAULTS_SHOWN)
        .map((line) => JSON.stringify(line));
    judge = judgeBy(document, sentPathOf);
    session = new RawSession({ port, database, faults }, judge);
  });
  afterAll(async () => {
    service.signalGroup('SIGTERM');
    await service.exited;
  });

  it(
    'whatever comes is answered as documented or refused by workerd, and what is refused changes nothing',
    async () => {
      const began = Date.now();
      const runs = fc.record({
        setting: fc.constant('a socket'),
        steps: fc.array(exchangesFrom(document, judge), {
          minLength: 1,
          maxLength: LONGEST_RUN,
          size: 'max',
        }),
      });
      const property = fc.asyncProperty(runs, ({ steps }) => session.run(steps));
      await search(property, seed, () => session.sent >= wanted, describeExchange);
      const seconds = ((Date.now() - began) / 1_000).toFixed(1);
      console.info(`${session.sent} requests in ${seconds} s, seed ${seed}\n${tableOf(session.answered)}`);
    },
    TIMEOUT_MS,
  );

  it('the search has met every kind of answer that so many requests provoke', () => {
    const kinds = [...session.answered.keys()];
    expect(kinds).toEqual(expect.arrayContaining(wanted >= ENOUGH_FOR_KINDS ? KINDS : []));
  });
});
