import type { Hono } from 'hono';
import { refusal } from '../domain/errors/index.ts';
import type { AppEnv } from '../http/context.ts';

/** Reads a file beside the script; undefined where the Worker has none. */
export type ReadAsset = ((path: string) => Promise<Response>) | undefined;

/** Serves the OpenAPI 3.1 description that `npm run generate` writes: a file, which costs a cold start nothing. */
export function serveOpenApi(app: Hono<AppEnv>, readAsset: ReadAsset): void {
  app.get('/openapi.json', async (c) => {
    const asset = await readAsset?.(c.req.path);
    if (asset?.status !== 200)
      throw refusal('not_configured', { problem: 'add the binding ASSETS to wrangler.toml' });
    return c.body(await asset.text(), 200, { 'content-type': 'application/json' });
  });
}
