import type { Hono } from 'hono';
import { refusal } from '../domain/errors/index.ts';
import type { AppEnv } from '../http/context.ts';

/** Reads a file that is deployed with the Worker; undefined where the Worker has no such files. */
export type ReadAsset = ((path: string) => Promise<Response>) | undefined;

/**
 * Serves the description that `npm run generate` makes of the very schemas that validate (OpenAPI 3.1). It is a file and
 * no part of the script, which is loaded at each cold start.
 */
export function serveOpenApi(app: Hono<AppEnv>, readAsset: ReadAsset): void {
  app.get('/openapi.json', async (c) => {
    const asset = await readAsset?.(c.req.path);
    if (asset?.status !== 200)
      throw refusal('not_configured', { problem: 'add the binding ASSETS to wrangler.toml' });
    return c.body(await asset.text(), 200, { 'content-type': 'application/json' });
  });
}
