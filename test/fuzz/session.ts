import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, type DRIVERS, openTestDatabase } from '../support/database.ts';
import { clockThatSleepMoves } from '../support/options.ts';
import type { FuzzAnswer, Judge } from './answers.ts';
import { bytesOf } from './bodies.ts';
import { describeRequest } from './report.ts';
import type { FuzzRequest } from './requests.ts';
import { WrongAnswer } from './search.ts';
import { changeBy, fingerprintOf, mayChange, refill } from './table.ts';

type Driver = (typeof DRIVERS)[number];

/** Each pause of a wait takes a minute, or a long one would cost forty looks. */
const HURRIED = clockThatSleepMoves(200);
const WAITS_THAT_END_SOON = { waits: HURRIED, pauses: HURRIED };

/** A service, with a database of its own, that is being fuzzed over one driver or the other. */
export class FuzzSession {
  /** How many requests were answered so far, by operation and status. */
  readonly answered = new Map<string, number>();
  sent = 0;
  /** How many could not even be made, because fetch refuses their method or headers. */
  unsendable = 0;
  readonly #apps: Readonly<Record<Driver, AppUnderTest>>;
  readonly #database: DatabaseUnderTest;
  readonly #judge: Judge;

  private constructor(database: DatabaseUnderTest, judge: Judge) {
    const appOver = (driver: Driver) =>
      appUnderTest({
        ...WAITS_THAT_END_SOON,
        driver,
        connectionString: database[driver],
        corsOrigins: ['*'],
        // A machine with other work must not seem degraded.
        probe: { attemptTimeout: 9_000, totalTimeout: 9_000 },
      });
    this.#apps = { hyperdrive: appOver('hyperdrive'), neon: appOver('neon') };
    this.#database = database;
    this.#judge = judge;
  }

  /** Opens a session on a new database. */
  static async open(judge: Judge): Promise<FuzzSession> {
    return new FuzzSession(await openTestDatabase(), judge);
  }

  /** Sends requests one after another to a database of known content; throws a WrongAnswer at the first one. */
  async run(driver: Driver, requests: readonly FuzzRequest[]): Promise<void> {
    const app = this.#apps[driver];
    await refill(this.#database);
    let before = await fingerprintOf(this.#database);
    for (const [index, request] of requests.entries()) {
      app.log.length = 0;
      const answer = await this.#answerTo(app, request);
      if (answer === undefined) continue;
      const after = await fingerprintOf(this.#database);
      const problem =
        this.#judge.problemWith(request, answer) ?? changeBy(mayChange(request, answer), before, after);
      if (problem !== undefined) {
        throw new WrongAnswer(describeProblem(problem, request, answer, app), index);
      }
      before = after;
    }
  }

  /** What was answered, and how much was not even sent. */
  kinds(): ReadonlyMap<string, number> {
    return new Map([...this.answered, ['not sendable by fetch', this.unsendable]]);
  }

  async #answerTo(app: AppUnderTest, request: FuzzRequest): Promise<FuzzAnswer | undefined> {
    const init = initOf(request);
    if (init === undefined) {
      this.unsendable += 1;
      return undefined;
    }
    const response = await app.send(request.target, init);
    const answer = { status: response.status, headers: response.headers, text: await textOf(response) };
    this.sent += 1;
    this.#count(request, answer);
    return answer;
  }

  #count(request: FuzzRequest, { status }: FuzzAnswer): void {
    const operation = this.#judge.operationOf(request);
    const kind = `${operation === undefined ? 'other' : `${operation.method} ${operation.path}`} ${status}`;
    this.answered.set(kind, (this.answered.get(kind) ?? 0) + 1);
  }
}

function describeProblem(
  problem: string,
  request: FuzzRequest,
  { status, text }: FuzzAnswer,
  { log }: AppUnderTest,
): string {
  const errors = log.filter(({ level }) => level === 'ERROR').map((line) => JSON.stringify(line));
  return [problem, ...describeRequest(request), `answer: ${status} ${text.slice(0, 500)}`, ...errors].join(
    '\n',
  );
}

/** The request as fetch takes it; undefined where fetch cannot send it. */
function initOf({ method, headers, body }: FuzzRequest): RequestInit | undefined {
  const bodiless = /^(GET|HEAD)$/i.test(method);
  const init: RequestInit = {
    method,
    headers: headers.map(([name, value]) => [name, value]),
    ...(body === undefined || bodiless ? {} : { body: bytesOf(body) }),
  };
  try {
    new Request('http://service.test/', init);
    return init;
  } catch {
    return undefined;
  }
}

/** workerd warns of text whose media type does not begin so. */
async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}
