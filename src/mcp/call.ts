import type { Caller } from '../domain/access.ts';
import { type DomainError, ERRORS } from '../domain/errors/index.ts';
import { sentences } from '../domain/words.ts';
import { type AppContext, callerOf } from '../http/context.ts';
import { refusalOf } from '../http/error-answers.ts';
import { closeLater, type OpenDatabase } from '../http/middleware/database.ts';
import { keyOf, requestPorts } from '../http/request-identity.ts';
import type { Operation } from '../operations/define-operation.ts';
import { loadOperation } from '../operations/index.ts';
import type { Waits } from '../operations/ports.ts';
import { argumentReader, type ReadArguments, type Understood } from './arguments.ts';
import { withNextCall } from './next-call.ts';
import { bytesOf, MAX_BYTES } from './present/cut.ts';
import type { Shown, Tool } from './tool.ts';

export interface ToolAnswer {
  readonly shown: Shown;
  readonly isError: boolean;
}

interface Loaded {
  readonly operation: Operation;
  readonly read: ReadArguments;
}

/** By the name of the tool, from its first call on. */
const LOADED = new Map<string, Loaded>();

async function load(tool: Tool): Promise<Loaded> {
  const known = LOADED.get(tool.name);
  if (known !== undefined) return known;
  const operation = await loadOperation(tool.operation);
  const loaded = { operation, read: argumentReader(tool, operation) };
  LOADED.set(tool.name, loaded);
  return loaded;
}

/** Runs a tool. What went wrong is an answer, too: the model reads what to do next. */
export async function callTool(
  c: AppContext,
  tool: Tool,
  raw: unknown,
  open: OpenDatabase,
  waits: Waits,
): Promise<ToolAnswer> {
  let mayHaveChanged = () => false;
  try {
    const caller = callerOf(c);
    const { operation, read } = await load(tool);
    // First of all: whoever may not ask learns nothing about the call.
    operation.authorize(caller);
    const understood = read(caller, raw);
    let isReplayed = false;
    const key = keyFor(tool, caller, understood);
    const onReplay = () => {
      isReplayed = true;
    };
    // One for each call: a database takes one identity, and a batch has several calls.
    const database = open(
      requestPorts(
        () => caller,
        () => key,
        onReplay,
      ),
    );
    c.set('database', database);
    mayHaveChanged = () => database.mayHaveChanged();
    try {
      const output = await operation.run({ caller, database, waits }, understood.input);
      const shown = tool.present(output, understood.given);
      return { shown: isReplayed ? { ...shown, replayed: true } : shown, isError: false };
    } finally {
      closeLater(c, database);
    }
  } catch (error) {
    return { shown: explained(c, refusalOf(error, mayHaveChanged()), raw), isError: true };
  }
}

function keyFor(tool: Tool, caller: Caller, { given, key }: Understood) {
  if (key === undefined) return undefined;
  return keyOf(caller, key, tool.name, new TextEncoder().encode(JSON.stringify(given)));
}

/** An error in the words of this door: what is wrong and the next call, and what a program needs. */
function explained(
  c: AppContext,
  { code, fact, remedy, hint, details, cause }: DomainError,
  raw: unknown,
): Shown {
  noteForTheLog(c, code, cause);
  const next = hint ?? remedy;
  const error = withNextCall(next === undefined ? fact : sentences(fact, next), raw);
  const request_id = c.get('requestId');
  const whole = { error, code, ...details, request_id };
  return bytesOf(whole) <= MAX_BYTES ? whole : { error: error.slice(0, MAX_BYTES / 4), code, request_id };
}

function noteForTheLog(c: AppContext, code: DomainError['code'], cause: unknown): void {
  const { status } = ERRORS[code];
  c.set('toolFailure', { code, status });
  if (status >= 500 && cause instanceof Error) c.error = cause;
}
