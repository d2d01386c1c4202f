import { ROUTES } from './routes.ts';

interface Root {
  /** Matches every path of the door under the root, and the root itself. */
  readonly pattern: string;
  readonly hasWrites: boolean;
}

const rootOf = (path: string) => path.split('/')[1] ?? '';

/** The first segments of the door's paths. */
export const ROOTS: readonly Root[] = [...new Set(ROUTES.map(({ path }) => rootOf(path)))].map((root) => ({
  pattern: `/${root}/*`,
  hasWrites: ROUTES.some(({ path, method }) => rootOf(path) === root && method !== 'get'),
}));
