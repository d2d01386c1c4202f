/**
 * Stands in for the package zod in the bundle (see [alias] in wrangler.toml). The package exports one object with
 * everything, fifty languages included, which no bundler can take apart.
 */
export * as z from './namespace.ts';
export { ZodType } from './namespace.ts';
