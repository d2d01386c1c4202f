import type { Hono } from 'hono';
import { SCOPES } from '../domain/access.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { MCP_PATH } from './serve.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The address of the metadata of the MCP endpoint (RFC 9728, section 3.1). */
export function metadataUrl(c: AppContext): string {
  return new URL(WELL_KNOWN + MCP_PATH, c.req.url).href;
}

/** Tells clients which issuer gives tokens for the MCP endpoint (RFC 9728, section 2). */
export function serveProtectedResource(app: Hono<AppEnv>, issuer: string): void {
  for (const path of [WELL_KNOWN, WELL_KNOWN + MCP_PATH]) {
    app.get(path, (c) =>
      c.json({
        resource: new URL(MCP_PATH, c.req.url).href,
        authorization_servers: [issuer],
        scopes_supported: SCOPES,
        bearer_methods_supported: ['header'],
      }),
    );
  }
}
