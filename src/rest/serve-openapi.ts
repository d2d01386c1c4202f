import type { Hono } from 'hono';
import type { AppEnv } from '../http/context.ts';

/** Serves the OpenAPI 3.1 description that `npm run generate` writes. */
export function serveOpenApi(app: Hono<AppEnv>): void {
  let description: string | undefined;
  app.get('/openapi.json', async (c) => {
    description ??= JSON.stringify((await import('./openapi/document.json')).default);
    return c.body(description, 200, { 'content-type': 'application/json' });
  });
}
