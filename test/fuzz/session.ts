import { type AppUnderTest, appUnderTest } from '../support/app.ts';
import { type DatabaseUnderTest, type DRIVERS, openTestDatabase } from '../support/database.ts';
import type { FuzzAnswer, Judge } from './answers.ts';
import { bytesOf } from './bodies.ts';
import { describeRequest } from './report.ts';
import type { FuzzRequest } from './requests.ts';

type Driver = (typeof DRIVERS)[number];

/** The tasks of the document's examples, in every state, one of them in two projects. */
const REFILL = `do $$ begin
  delete from tasks;
  insert into tasks (task_id, project_id, description, status, completed_at)
  select id, project, 'Known', status, case when status = 'completed' then now() end
  from (values
    ('TASK-051', 'ai-agent-mcp-server', 'pending'),
    ('TASK-046', 'ai-agent-mcp-server', 'in_progress'),
    ('TASK-047', 'ai-agent-mcp-server', 'completed'),
    ('TASK-050', 'ai-agent-mcp-server', 'pending'),
    ('TASK-050', 'another-project', 'pending')
  ) as known (id, project, status);
end $$`;

const FINGERPRINT = `select count(*) || ' tasks, last ' || coalesce(max(seq), 0) || ', '
  || md5(coalesce(string_agg(tasks::text, '|' order by seq), '')) as fingerprint from tasks`;

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A wrong answer, and which request of a run was answered so; those behind it were not sent. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';

  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

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
      appUnderTest({ driver, connectionString: database[driver], corsOrigins: ['*'] });
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
    await this.#database.query(REFILL);
    let before = await this.#fingerprint();
    for (const [index, request] of requests.entries()) {
      app.log.length = 0;
      const answer = await this.#answerTo(app, request);
      if (answer === undefined) continue;
      const after = await this.#fingerprint();
      const problem = this.#judge.problemWith(request, answer) ?? changeBy(request, answer, before, after);
      if (problem !== undefined) {
        throw new WrongAnswer(describeProblem(problem, request, answer, app), index);
      }
      before = after;
    }
  }

  async #answerTo(app: AppUnderTest, request: FuzzRequest): Promise<FuzzAnswer | undefined> {
    const init = initOf(request);
    if (init === undefined) {
      this.unsendable += 1;
      return undefined;
    }
    const response = await app.send(request.target, init);
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    this.sent += 1;
    this.#count(request, answer);
    return answer;
  }

  #count(request: FuzzRequest, { status }: FuzzAnswer): void {
    const operation = this.#judge.operationOf(request);
    const kind = `${operation === undefined ? 'other' : `${operation.method} ${operation.path}`} ${status}`;
    this.answered.set(kind, (this.answered.get(kind) ?? 0) + 1);
  }

  async #fingerprint(): Promise<string> {
    const rows = await this.#database.query<{ fingerprint: string }>(FINGERPRINT);
    return rows[0]?.fingerprint ?? '';
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

function changeBy(
  { method }: FuzzRequest,
  { status }: FuzzAnswer,
  before: string,
  after: string,
): string | undefined {
  const mayChange = status < 400 && !READING.has(method.toUpperCase());
  if (mayChange || before === after) return undefined;
  return `the table was changed by a request that was ${status < 400 ? 'a read' : 'refused'}: ${before} → ${after}`;
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
