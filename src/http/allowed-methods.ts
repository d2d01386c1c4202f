import { TrieRouter } from 'hono/router/trie-router';

/** Undefined for a path that leads nowhere. */
export type MethodsOf = (path: string) => readonly string[] | undefined;

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Tells the methods of each path. The first registered pattern counts, so `next` is no task id. */
export function methodsOf(app: { readonly routes: readonly Route[] }): MethodsOf {
  let router: TrieRouter<readonly string[]> | undefined;
  return (path) => {
    router ??= routerOf(app.routes);
    const [first] = router.match('ALL', path)[0];
    return first?.[0];
  };
}

function routerOf(routes: readonly Route[]): TrieRouter<readonly string[]> {
  const methodsByPath = new Map<string, Set<string>>();
  // Routes for every method are middleware.
  for (const { method, path } of routes.filter((route) => route.method !== 'ALL')) {
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  const router = new TrieRouter<readonly string[]>();
  for (const [path, methods] of methodsByPath) router.add('ALL', path, [...methods, 'OPTIONS']);
  return router;
}
