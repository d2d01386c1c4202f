/** Replaces the package zod in the bundle ([alias] in wrangler.toml): no bundler can take its one object apart. */
export * as z from './namespace.ts';
export { ZodType } from './namespace.ts';
