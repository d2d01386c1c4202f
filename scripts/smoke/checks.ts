import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../local/problem.ts';
import type { Answer, SmokeClient } from './client.ts';
import { expectOk, type SmokeTasks } from './tasks.ts';

export interface Deployment {
  readonly client: SmokeClient;
  readonly tasks: SmokeTasks;
  readonly project: string;
  /** Whether the service is meant to be open to everybody. */
  readonly insecure: boolean;
  /** Throws a Problem once the run should stop. */
  readonly goOn: () => void;
}

/** Resolves with what a deployment showed; rejects with a Problem if it fails. */
export type Check = (deployment: Deployment) => Promise<string>;

const REFUSED = ['none', 'wrong'] as const;
const PRESENTED = { none: 'without a key', wrong: 'with a wrong key' } as const;
const MOVES = 50;
const MOVERS = 20;

/** By report name, in order. */
export const CHECKS: Readonly<Record<string, Check>> = {
  health: checkHealth,
  authentication: checkAuthentication,
  'write then read': checkWriteThenRead,
  'transition race': checkRace,
};

async function checkHealth({ client }: Deployment): Promise<string> {
  const { body, told } = await expectOk(client.get('/health', 'none'));
  if (body['status'] !== 'healthy') throw new Problem(`${told}: ${JSON.stringify(body)}`);
  return `healthy, version ${String(body['version'])}`;
}

async function checkAuthentication({ client, project, insecure }: Deployment): Promise<string> {
  const path = `/tasks/next?project=${encodeURIComponent(project)}`;
  if (insecure) return 'skipped, because --insecure says that the service lets everybody in';
  for (const presented of REFUSED) {
    const answer = await client.get(path, presented);
    if (!isRefused(answer)) throw new Problem(`${PRESENTED[presented]} ${answer.told}`);
  }
  await expectOk(client.get(path));
  return 'no key and a wrong key are refused, the given one is not';
}

/** A client that fails too often is refused for that instead. */
function isRefused({ status }: Answer): boolean {
  return status === 401 || status === 429;
}

/** A read from a cache, such as Hyperdrive's, still shows the task before the move. */
async function checkWriteThenRead({ tasks, goOn }: Deployment): Promise<string> {
  const id = await tasks.add();
  for (let move = 1; move <= MOVES; move += 1) {
    goOn();
    const body = move % 2 === 1 ? { status: 'in_progress' } : { status: 'pending', reset: true };
    const written = (await expectOk(tasks.move(id, body))).body['updated_task'];
    const read = await expectOk(tasks.read(id));
    if (!isDeepStrictEqual(read.body['task'], written)) {
      throw new Problem(
        `the read after move ${move} of ${MOVES} does not see it: ${read.told}. Does a cache answer? Hyperdrive needs --caching-disabled true`,
      );
    }
  }
  return `each of ${MOVES} moves was seen by the read after it`;
}

async function checkRace({ tasks, goOn }: Deployment): Promise<string> {
  const id = await tasks.add();
  goOn();
  const movers = Array.from({ length: MOVERS }, () => tasks.move(id, { status: 'in_progress' }));
  const answers = await Promise.all(movers);
  const unexpected = answers.find(
    ({ status, body }) => status !== 200 && body['code'] !== 'invalid_transition',
  );
  if (unexpected !== undefined) throw new Problem(unexpected.told);
  const winners = answers.filter(({ status }) => status === 200).length;
  if (winners !== 1) throw new Problem(`${winners} of ${MOVERS} movers won the same task`);
  return `one of ${MOVERS} movers won`;
}
