import type { Operation } from '../../src/operations/define-operation.ts';
import { partsOf } from '../../src/rest/parts.ts';
import { ROUTES } from '../../src/rest/routes.ts';
import type { Row } from '../../src/rest/row.ts';
import { EVERY_OPERATION } from './operations.ts';

/** A request of the REST door, made from an example of its operation. */
export interface ExampleRequest {
  /** The method and the path of its route. */
  readonly route: string;
  readonly operation: Operation;
  readonly row: Row;
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The operation that a row of the route table runs. */
export function operationOf(row: Pick<Row, 'operation'>): Operation {
  const operation = EVERY_OPERATION.find(({ name }) => name === row.operation);
  if (operation === undefined) throw new Error(`The registry has no ${row.operation}`);
  return operation;
}

function requestOf(row: Row, operation: Operation, example: object): ExampleRequest {
  const { inQuery, inBody } = partsOf(row, operation);
  const fields = new Map<string, unknown>(Object.entries(example));
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(fields.get(name)));
  const query = new URLSearchParams();
  for (const name of inQuery) if (fields.has(name)) query.set(name, String(fields.get(name)));
  const body = Object.fromEntries([...fields].filter(([name]) => inBody.includes(name)));
  return {
    route: `${row.method.toUpperCase()} ${row.path}`,
    operation,
    row,
    method: row.method.toUpperCase(),
    path: query.size === 0 ? path : `${path}?${query}`,
    body: row.names.body === undefined ? undefined : body,
  };
}

/** Every example of every operation as the request of its route. */
export const EVERY_REQUEST: readonly ExampleRequest[] = ROUTES.flatMap((row) => {
  const operation = operationOf(row);
  return operation.examples.map((example) => requestOf(row, operation, example));
});

/** The first example of each route. */
export const ONE_REQUEST_A_ROUTE = EVERY_REQUEST.filter(
  ({ route }, index) => EVERY_REQUEST.findIndex((other) => other.route === route) === index,
);

/** What fetch needs to send it; `json` stands in for its body where it is given. */
export function initOf({ method, body }: ExampleRequest, json?: string): RequestInit {
  if (body === undefined) return { method };
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: json ?? JSON.stringify(body),
  };
}
