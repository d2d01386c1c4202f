import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type BenchAnswer, type BenchRequest, HttpClient } from './http-client.ts';
import { settle } from './settle.ts';

/** Faults during the work; each share is of the requests or tasks that it may hit. */
export interface Chaos {
  /** The share of agents that die with the task they hold. */
  readonly killed: number;
  /** The share of requests cut before or after the service answers. */
  readonly cut: number;
}

export interface DrainOptions {
  readonly port: number;
  readonly database: Pool;
  readonly agents: number;
  readonly chaos?: Chaos;
  /** Told of every answer as it comes. */
  readonly onAnswer?: (answer: BenchAnswer) => void;
}

export interface Drained {
  /** From the first claim to the last completion. */
  readonly seconds: number;
  /** The milliseconds of each claim that gave out a task. */
  readonly claims: readonly number[];
  /** The acknowledged completions, one entry for each. */
  readonly completions: readonly string[];
  readonly killed: number;
  readonly cut: number;
}

const NO_CHAOS: Chaos = { killed: 0, cut: 0 };

export const DRAIN_PROJECT = 'drain';
const LEASE_SECONDS = 30;
const LOOK_EVERY_MS = 250;
const WARM_UP_ROUNDS = 3;
/** Requests take a few milliseconds, so the cut falls before some arrive and after others were answered. */
const CUT_WITHIN_MS = 12;

interface Given {
  readonly task: { readonly task_id: string };
  readonly claim: { readonly token: string };
}

/** The parts of an answer that an agent reads. */
type AgentAnswer = { readonly [Name in keyof Given]?: Given[Name] | null } & { readonly reason?: string };

/** Fills the table with pending tasks of one project. */
export async function fillForDrain(database: Pool, count: number): Promise<void> {
  await database.query('truncate tasks');
  await database.query(
    `insert into tasks (task_id, project_id, description, max_attempts)
     select 'TASK-' || n, $1, 'Work on ' || n, 100
     from generate_series(1, $2::int) as n`,
    [DRAIN_PROJECT, count],
  );
  await settle(database);
}

/** Agents claim and complete until every task is completed, those of dead agents included. */
export async function drain(options: DrainOptions): Promise<Drained> {
  await warmUp(options);
  const crew = new Crew(options);
  const began = performance.now();
  await Promise.all(Array.from({ length: options.agents }, () => crew.work()));
  const seconds = (performance.now() - began) / 1_000;
  crew.close();
  const { claims, completions, killed, cut } = crew;
  return { seconds, claims, completions, killed, cut };
}

/** Claims where there is nothing, to open every connection and plan every statement. */
async function warmUp({ port, agents }: DrainOptions): Promise<void> {
  const client = new HttpClient(port, agents);
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    const claims = Array.from({ length: agents }, () => client.send(claimBy(randomUUID(), 'warm-up')));
    await Promise.all(claims);
  }
  client.close();
}

class Crew {
  readonly claims: number[] = [];
  readonly completions: string[] = [];
  killed = 0;
  cut = 0;
  readonly #client: HttpClient;
  readonly #database: Pool;
  readonly #chaos: Chaos;
  readonly #onAnswer: (answer: BenchAnswer) => void;

  constructor({ port, agents, database, chaos = NO_CHAOS, onAnswer = () => {} }: DrainOptions) {
    this.#client = new HttpClient(port, agents);
    this.#database = database;
    this.#chaos = chaos;
    this.#onAnswer = onAnswer;
  }

  /** One agent after another, each from the death of its predecessor. */
  async work(): Promise<void> {
    for (;;) {
      const isDead = await this.#live(randomUUID());
      if (!isDead) return;
      this.killed += 1;
    }
  }

  /** Works under one name until all is done or it dies with a task; resolves with whether it died. */
  async #live(name: string): Promise<boolean> {
    for (;;) {
      const given = await this.#claim(name);
      if (given !== undefined) {
        if (Math.random() < this.#chaos.killed) return true;
        const { status } = await this.#sendUntilAnswered(completionOf(given.task.task_id, given.claim.token));
        if (status === 200) this.completions.push(given.task.task_id);
      } else if (await this.#isDone()) {
        return false;
      }
    }
  }

  /** Undefined without a task or an answer. */
  async #claim(name: string): Promise<Given | undefined> {
    const began = performance.now();
    const answer = await this.#send(claimBy(name));
    if (answer === undefined || answer.status >= 500) return undefined;
    // The service documents this form.
    const { task, claim, reason } = JSON.parse(answer.body) as AgentAnswer;
    if (task && claim) {
      if (reason === 'claimed') this.claims.push(performance.now() - began);
      return { task, claim };
    }
    await sleep(LOOK_EVERY_MS);
    return undefined;
  }

  /** Undefined if the connection was cut. */
  async #send(request: BenchRequest): Promise<BenchAnswer | undefined> {
    const isCut = Math.random() < this.#chaos.cut;
    try {
      const cutAfterMs = Math.random() * CUT_WITHIN_MS;
      const answer = await this.#client.send(request, isCut ? { cutAfterMs } : {});
      this.#onAnswer(answer);
      return answer;
    } catch (error) {
      if (!isCut) throw error;
      this.cut += 1;
      return undefined;
    }
  }

  /** A request with a key may be sent until there is an answer. */
  async #sendUntilAnswered(request: BenchRequest): Promise<BenchAnswer> {
    const keyed = { ...request, key: randomUUID() };
    for (;;) {
      const answer = await this.#send(keyed);
      if (answer !== undefined && answer.status < 500) return answer;
    }
  }

  /** A server that is down tells nothing. */
  async #isDone(): Promise<boolean> {
    const left = `select from tasks where project_id = $1 and status <> 'completed' limit 1`;
    return this.#database.query(left, [DRAIN_PROJECT]).then(
      ({ rowCount }) => rowCount === 0,
      () => false,
    );
  }

  close(): void {
    this.#client.close();
  }
}

function claimBy(agent: string, project = DRAIN_PROJECT): BenchRequest {
  const body = { project_id: project, agent_id: agent, lease_seconds: LEASE_SECONDS };
  return { method: 'POST', path: '/tasks/claim', body };
}

function completionOf(taskId: string, token: string): BenchRequest {
  const body = { status: 'completed', claim_token: token };
  return { method: 'PUT', path: `/tasks/${taskId}/status?project=${DRAIN_PROJECT}`, body };
}
