import { DomainError, refusal } from '../domain/errors/index.ts';
import { AttemptError } from './failures.ts';

/** What the functions of the graph refuse, by the names that they use (drizzle/0008_graph.sql). */
const REFUSALS = [
  'need_not_found',
  'need_cycle',
  'artifact_has_producer',
  'too_many_needs',
  'project_too_large',
] as const;

type Refusal = (typeof REFUSALS)[number];

const isRefusal = (name: unknown): name is Refusal => REFUSALS.some((known) => known === name);

/** The refusal that a function of the graph raised; undefined where the error is none. */
export function graphRefusal(error: unknown): DomainError | undefined {
  if (!(error instanceof AttemptError) || error.meaning !== 'refused') return undefined;
  const { refusal: name, facts } = JSON.parse(error.detail ?? '{}') as Readonly<Record<string, unknown>>;
  // refuse_graph is given the facts that belong to the name.
  return isRefusal(name) ? refusal(name, facts as never, { cause: error }) : undefined;
}

/** Whether a function of the graph refused, which it does before the record of a request is looked at. */
export function isGraphRefusal(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  return error.cause instanceof AttemptError && error.cause.meaning === 'refused';
}
