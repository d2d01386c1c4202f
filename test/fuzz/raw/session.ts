import type { DatabaseUnderTest } from '../../support/database.ts';
import type { FuzzAnswer, Judge } from '../answers.ts';
import { WrongAnswer } from '../search.ts';
import { changeBy, fingerprintOf, mayChange, refill } from '../table.ts';
import { answersIn, converse } from './connection.ts';
import { PROBE } from './exchanges.ts';
import type { Exchange, RawMessage } from './message.ts';

/** What workerd answers by itself to what is no request. */
const OF_WORKERD = new Set([400, 414, 431, 501]);

/** The service under test. */
export interface Target {
  readonly port: number;
  readonly database: DatabaseUnderTest;
  /** The last faults in its log. */
  faults(): string[];
}

/** A service that is being fuzzed over connections of its own. */
export class RawSession {
  /** How often each kind of answer came so far, by who gave it. */
  readonly answered = new Map<string, number>();
  sent = 0;
  readonly #target: Target;
  readonly #judge: Judge;

  constructor(target: Target, judge: Judge) {
    this.#target = target;
    this.#judge = judge;
  }

  /** Has one exchange after another, from a database of known content; throws a WrongAnswer at the first one. */
  async run(exchanges: readonly Exchange[]): Promise<void> {
    const { database } = this.#target;
    await refill(database);
    let before = await fingerprintOf(database);
    for (const [index, exchange] of exchanges.entries()) {
      const fail = (problem: string) => {
        throw new WrongAnswer([problem, ...this.#target.faults()].join('\n'), index);
      };
      const answers = await this.#answersTo(exchange).catch((error: unknown) => fail(String(error)));
      const problem = this.#problemWith(exchange, answers) ?? (await this.#problemAfterwards());
      const after = await fingerprintOf(database);
      const changed = changeBy(this.#mayHaveChanged(exchange, answers), before, after);
      if (problem !== undefined || changed !== undefined) fail([problem, changed].filter(Boolean).join('\n'));
      before = after;
    }
  }

  async #answersTo({ before, last, isAborted }: Exchange): Promise<FuzzAnswer[]> {
    const messages = [...before, last];
    const text = messages.map((message) => message.text).join('');
    const bytes = await converse(this.#target.port, text, isAborted);
    this.sent += messages.length;
    const answers = answersIn(
      bytes,
      messages.map(({ method }) => method),
    );
    for (const [index, answer] of answers.entries())
      this.#count(kindOf(answer, messages[index], this.#judge));
    if (answers.length < messages.length) this.#count(isAborted ? 'torn down' : 'closed without an answer');
    return answers;
  }

  #count(kind: string): void {
    this.answered.set(kind, (this.answered.get(kind) ?? 0) + 1);
  }

  #problemWith({ before, last, isAborted }: Exchange, answers: readonly FuzzAnswer[]): string | undefined {
    if (!isAborted && answers.length < before.length) {
      return `${answers.length} of ${before.length} requests in front were answered`;
    }
    const messages = [...before, last];
    for (const [index, answer] of answers.entries()) {
      const problem = this.#problemWithOne(answer, messages[index], index < before.length);
      if (problem !== undefined) return `answer ${index + 1}: ${problem}\n${shown(answer)}`;
    }
    return undefined;
  }

  #problemWithOne(answer: FuzzAnswer, message: RawMessage | undefined, isPlain: boolean): string | undefined {
    if (!isOurs(answer)) {
      if (isPlain) return 'the service did not get to answer a request without a fault';
      // It has no handler for CONNECT, says so in its log and answers 500; no such request gets to a Worker.
      if (message?.method === 'CONNECT' && answer.status === 500) return undefined;
      return OF_WORKERD.has(answer.status) ? undefined : `status ${answer.status}, not by the service`;
    }
    if (message?.meant === undefined) return this.#judge.problemWithAny(message?.method ?? '', answer);
    return this.#judge.problemWith(message.meant, answer);
  }

  #mayHaveChanged({ before, last }: Exchange, answers: readonly FuzzAnswer[]): boolean {
    return [...before, last].some((message, index) => {
      const answer = answers[index];
      return answer !== undefined && isOurs(answer) && mayChange(message, answer);
    });
  }

  async #problemAfterwards(): Promise<string | undefined> {
    const bytes = await converse(this.#target.port, PROBE.text, false);
    const [answer] = answersIn(bytes, [PROBE.method]);
    return answer?.status === 200 ? undefined : 'the service does not answer afterwards';
  }
}

/** Every answer of the service has an id; workerd knows of none. */
function isOurs({ headers }: FuzzAnswer): boolean {
  return headers.has('x-request-id');
}

function kindOf(answer: FuzzAnswer, message: RawMessage | undefined, judge: Judge): string {
  if (!isOurs(answer)) return `by workerd ${answer.status}`;
  const operation = message?.meant && judge.operationOf(message.meant);
  return `${operation === undefined ? 'other' : `${operation.method} ${operation.path}`} ${answer.status}`;
}

function shown({ status, text }: FuzzAnswer): string {
  return `answer: ${status} ${text.slice(0, 500)}`;
}
