import { TrieRouter } from 'hono/router/trie-router';

/** The methods of the route that a path leads to; undefined where it leads to none. */
export type MethodsOf = (path: string) => readonly string[] | undefined;

interface Route {
  readonly method: string;
  readonly path: string;
}

/**
 * Tells the methods of each path of an app. Of several patterns that a path matches the one counts that was registered
 * first, so that `next` is not taken for the id of a task. The routes are read at the first question, when all are there.
 */
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
  // What is there for every method is a link of the chain.
  for (const { method, path } of routes.filter((route) => route.method !== 'ALL')) {
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  const router = new TrieRouter<readonly string[]>();
  for (const [path, methods] of methodsByPath) router.add('ALL', path, [...methods, 'OPTIONS']);
  return router;
}
