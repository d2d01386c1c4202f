import { refusal } from '../domain/errors/index.ts';
import { isViolationOf } from './failures.ts';
import { isGraphRefusal } from './graph-refusal.ts';
import { RECALL_REQUEST } from './recall-request.ts';
import { type RequestIdentity, type RequestKey, recordValues } from './request-identity.ts';
import type { RequestProgress } from './retry.ts';
import { IDEMPOTENCY_KEYS_PKEY, TASK_EVENTS_BY_REQUEST } from './schema/names.ts';
import type { Access, Prepared, RawRow, RepeatedForms, Statement, Values } from './statement.ts';

export interface RequestPorts {
  /** Asked once, at the first write. */
  readonly identity: () => RequestIdentity;
  /** A UUID that never comes again. */
  readonly newId: () => string;
  /** A write had been done before, by an earlier request with the same key. */
  readonly onReplay: () => void;
}

type Rows = readonly RawRow[];

/** Sends, under the retry policy, what `form` chooses for each attempt. */
export type Send = (access: Access, form: () => Prepared, values: Values) => Promise<Rows>;

/** A key that serves one request need not outlive the last retry by much. */
const MADE_KEY_SECONDS = 10 * 60;

/**
 * Sends the writes of one request so that a repetition changes nothing: the unique index of the log, or of the records,
 * refuses it, and it gets what the first one came to. Rejects with `outcome_unknown` where that cannot be told,
 * `idempotency_key_reused`, or as `send` does.
 */
export function onceOnly(
  send: Send,
  ports: RequestPorts,
  progress: RequestProgress,
  name: Name,
): (statement: Statement<Values, unknown>, values: Values) => Promise<Rows> {
  const sendRecorded = recordedWrites(send, ports);
  const sendLogged = loggedWrites(send, name, progress);
  let identity: RequestIdentity | undefined;
  return (statement, values) => {
    identity ??= ports.identity();
    const { caller, key } = identity;
    const { forms } = statement;
    if (forms === undefined) return sendRecorded(statement, values, caller, key ?? madeKey(name.get()));
    if (key !== undefined) return sendRecorded(forms.keyed, values, caller, key);
    const { repeated } = forms;
    return repeated === undefined
      ? send('write', () => statement, { ...values, log_caller: caller })
      : sendLogged(statement, repeated, values, caller);
  };
}

/** What the service calls a request to which its client gave no key. */
export interface Name {
  readonly get: () => string;
  readonly renew: () => void;
}

/** A name that is made when it is asked for. */
export function madeName({ newId }: RequestPorts): Name {
  let name: string | undefined;
  return {
    get: () => {
      name ??= newId();
      return name;
    },
    renew: () => {
      name = undefined;
    },
  };
}

const madeKey = (key: string): RequestKey => ({ key, fingerprint: '', keptSeconds: MADE_KEY_SECONDS });

/** The record of the key keeps such a write from being done twice. */
function recordedWrites(send: Send, { onReplay }: RequestPorts) {
  return async (statement: Prepared, values: Values, caller: string, key: RequestKey): Promise<Rows> => {
    try {
      return await send('write', () => statement, { ...values, ...recordValues(caller, key) });
    } catch (error) {
      const outcome = await outcomeInsteadOf(send, error, caller, key);
      onReplay();
      return [outcome];
    }
  };
}

/** What an earlier request with that key came to, where the error may be due to it; rejects with the error otherwise. */
async function outcomeInsteadOf(
  send: Send,
  error: unknown,
  caller: string,
  { key, fingerprint }: RequestKey,
): Promise<RawRow> {
  const isRefused = isGraphRefusal(error);
  if (!isRefused && !isViolationOf(error, IDEMPOTENCY_KEYS_PKEY)) throw error;
  const [record] = (await recall(send, RECALL_REQUEST, { caller, key })).map(RECALL_REQUEST.toRow);
  if (record === undefined) throw isRefused ? error : notKnown();
  if (record.fingerprint !== fingerprint) throw refusal('idempotency_key_reused', {});
  return record.outcome;
}

/** The event of the request keeps such a write from being done twice. */
function loggedWrites(send: Send, name: Name, progress: RequestProgress) {
  return async (
    statement: Prepared,
    forms: RepeatedForms,
    values: Values,
    log_caller: string,
  ): Promise<Rows> => {
    for (;;) {
      const log_request = name.get();
      try {
        const all = { ...values, log_caller, log_request };
        return await send('write', () => (progress.mayBeDone ? forms.again : statement), all);
      } catch (error) {
        if (!isViolationOf(error, TASK_EVENTS_BY_REQUEST)) throw error;
      }
      const [outcome] = await recall(send, forms.recalled, { log_request });
      if (outcome?.['is_known'] === true) return [outcome];
      if (outcome?.['is_sealed'] !== true) throw notKnown();
      // An earlier attempt came to nothing, and none of them ever will: from here on, it is a new request.
      name.renew();
    }
  };
}

async function recall(send: Send, statement: Prepared, values: Values): Promise<Rows> {
  try {
    return await send('read', () => statement, values);
  } catch (cause) {
    throw refusal('outcome_unknown', {}, { cause });
  }
}

function notKnown() {
  return refusal(
    'outcome_unknown',
    {},
    { cause: new Error('What the request came to is not known any more') },
  );
}
