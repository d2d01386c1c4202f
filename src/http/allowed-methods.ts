import { TrieRouter } from 'hono/router/trie-router';

/** Undefined for a path that leads nowhere. */
export type MethodsOf = (path: string) => readonly string[] | undefined;

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Tells the methods of each path; GET includes HEAD but for some. Fixed paths come first, so `next` is no task id. */
export function methodsOf(
  app: { readonly routes: readonly Route[] },
  withoutHead: ReadonlySet<string>,
): MethodsOf {
  let table: Table | undefined;
  return (path) => {
    table ??= tableOf(app.routes, withoutHead);
    return table.fixed.get(path) ?? table.patterns.match('ALL', path)[0][0]?.[0];
  };
}

/** Fixed paths are found without a search. */
interface Table {
  readonly fixed: ReadonlyMap<string, readonly string[]>;
  readonly patterns: TrieRouter<readonly string[]>;
}

function tableOf(routes: readonly Route[], withoutHead: ReadonlySet<string>): Table {
  const methodsByPath = new Map<string, Set<string>>();
  // Routes for every method are middleware.
  for (const { method, path } of routes.filter((route) => route.method !== 'ALL')) {
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
    if (method === 'GET' && !withoutHead.has(path)) methods.add('HEAD');
  }
  const fixed = new Map<string, readonly string[]>();
  const patterns = new TrieRouter<readonly string[]>();
  for (const [path, methods] of methodsByPath) {
    const all = [...methods, 'OPTIONS'];
    if (path.includes(':')) patterns.add('ALL', path, all);
    else fixed.set(path, all);
  }
  return { fixed, patterns };
}
