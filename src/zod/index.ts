import { config } from 'zod/v4/core';
import en from 'zod/v4/locales/en.js';

config(en());

/** Replaces the package zod in the bundle ([alias] in wrangler.toml): no bundler can take its one object apart. */
export * as z from './namespace.ts';
export { ZodType } from './namespace.ts';
