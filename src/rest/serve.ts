import type { Hono } from 'hono';
import { type AppContext, type AppEnv, callerOf, databaseOf } from '../http/context.ts';
import { withDatabase } from '../http/middleware/database.ts';
import { parsedBodyOf } from '../http/parsed-body.ts';
import { parse } from '../http/problems.ts';
import type { OpenWaits } from '../http/waits.ts';
import type { Operation } from '../operations/define-operation.ts';
import { loadOperation } from '../operations/index.ts';
import type { Settings } from '../operations/ports.ts';
import type { WaitPorts } from '../operations/waiting.ts';
import { type RequestSchemas, requestSchemas } from './request-schemas.ts';
import { ROUTES } from './routes.ts';
import type { Asked, Row } from './row.ts';

export type { Settings, WaitPorts };

/** Serves every row of the route table. */
export function serveRoutes(
  app: Hono<AppEnv>,
  openWaits: OpenWaits,
  pauses: WaitPorts,
  settings: Partial<Settings>,
): void {
  for (const row of inOrder(ROUTES))
    app.on(row.method, [patternOf(row.path)], handlerOf(row, openWaits, pauses, settings));
}

/** Fixed paths come first: `next` is no task id. */
function inOrder(rows: readonly Row[]): Row[] {
  const fieldsIn = ({ path }: Row) => path.split('{').length;
  return [...rows].sort((one, other) => fieldsIn(one) - fieldsIn(other));
}

function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function handlerOf(
  row: Row,
  openWaits: OpenWaits,
  pauses: WaitPorts,
  settings: Partial<Settings>,
): (c: AppContext) => Promise<Response> {
  let loaded: Operation | undefined;
  let schemas: RequestSchemas | undefined;
  return async (c) => {
    loaded ??= await loadOperation(row.operation);
    const operation = loaded;
    const caller = callerOf(c);
    // First of all: whoever may not ask learns nothing about the request.
    operation.authorize(caller);
    schemas ??= requestSchemas(row, operation);
    const input = read(c, schemas, row);
    if (row.serve !== undefined) {
      const run: Asked['run'] = (given) =>
        withDatabase(c, (database) => operation.run({ caller, database }, given));
      const enterWait: Asked['enterWait'] = (patience) => openWaits(c).enter(caller.name, patience);
      return row.serve({ c, input, run, pauses, enterWait });
    }
    const asker = { caller, database: databaseOf(c), waits: openWaits(c), settings };
    const output = await operation.run(asker, input);
    if (row.answer !== undefined) return row.answer(output, c);
    // Every JSON output is an object.
    return c.json({ success: true, ...(output as object) });
  };
}

/** Refuses with what is wrong in the first faulty part. */
function read(
  c: AppContext,
  { query, path, headers, body }: RequestSchemas,
  { parameters }: Row,
): Record<string, unknown> {
  const ofQuery = query && parse(query, { ...parametersOf(c), ...parameters?.(c) }, 'parameter');
  const ofPath = path && parse(path, c.req.param(), 'parameter');
  if (headers !== undefined) parse(headers, c.req.header(), 'parameter');
  const ofBody = body && parse(body, parsedBodyOf(c), 'field');
  return { ...ofPath, ...ofQuery, ...ofBody };
}

/** A repeated parameter becomes a list, which no schema accepts. */
function parametersOf(c: AppContext): Record<string, string | string[]> {
  const entries = Object.entries(c.req.queries());
  return Object.fromEntries(
    entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
