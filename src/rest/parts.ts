import { hasBody } from '../http/methods.ts';
import type { Operation } from '../operations/define-operation.ts';
import type { Row } from './row.ts';

/** The fields in the path, the query and the body; the body takes what the others leave. */
export function partsOf({ path, query, method }: Row, { input }: Pick<Operation, 'input'>) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = query === 'ignored' ? [] : query;
  const rest = Object.keys(input.fields).filter((name) => !inPath.includes(name) && !inQuery.includes(name));
  const takesBody = hasBody(method.toUpperCase());
  return { inPath, inQuery, inBody: takesBody ? rest : [], left: takesBody ? [] : rest };
}
