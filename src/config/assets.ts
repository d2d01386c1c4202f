import { hasMethod } from './binding.ts';

/** The binding that reads the files which are deployed with the Worker. */
export type Assets = Pick<Fetcher, 'fetch'>;

/** Finds the binding ASSETS, which a Worker that serves no files can do without. */
export function parseAssets(env: unknown): Assets | undefined {
  if (typeof env !== 'object' || env === null || !('ASSETS' in env)) return undefined;
  return isAssets(env.ASSETS) ? env.ASSETS : undefined;
}

function isAssets(binding: unknown): binding is Assets {
  return hasMethod(binding, 'fetch');
}
