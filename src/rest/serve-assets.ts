import type { Hono } from 'hono';
import { sha256 } from 'hono/utils/crypto';
import { refusal } from '../domain/errors/index.ts';
import type { AppContext, AppEnv } from '../http/context.ts';

/** Reads a file beside the script; undefined where the Worker has none. */
export type ReadAsset = ((path: string) => Promise<Response>) | undefined;

/**
 * What a page may do: load its own style sheet and scripts, ask this service, and nothing else (Content Security Policy
 * Level 3). Its forms are sent by the script.
 */
const policyWith = (style: string): string =>
  `default-src 'none'; script-src 'self'; style-src ${style}; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The files of the reference page and of the board by their paths. workerd's disk service knows no types. */
const FILES = {
  '/docs': { file: '/docs.html', type: 'text/html; charset=utf-8' },
  '/docs.css': { file: '/docs.css', type: 'text/css; charset=utf-8' },
  '/docs.js': { file: '/docs.js', type: 'text/javascript; charset=utf-8' },
  '/board': { file: '/board.html', type: 'text/html; charset=utf-8' },
  '/board.js': { file: '/board.js', type: 'text/javascript; charset=utf-8' },
  '/board-layout.js': { file: '/board-layout.js', type: 'text/javascript; charset=utf-8' },
} as const;

/** Serves what `npm run generate` writes: files, which cost a cold start nothing. */
export function serveAssets(app: Hono<AppEnv>, readAsset: ReadAsset): void {
  app.get('/openapi.json', async (c) =>
    c.body(await textOf(readAsset, c.req.path), 200, { 'content-type': 'application/json' }),
  );
  for (const [path, { file, type }] of Object.entries(FILES)) {
    app.get(path, async (c) => {
      const text = await textOf(readAsset, file);
      const etag = `W/"${await sha256(text)}"`;
      // A browser takes over the headers of a 304 (RFC 9111, section 3.2), so it has all of them.
      const headers = {
        'content-type': type,
        'cache-control': 'no-cache',
        'content-security-policy': await policyOf(text),
        etag,
        ...encodingFor(c),
      };
      const isKept = c.req.header('if-none-match')?.includes(etag) === true;
      return isKept ? c.body(null, 304, headers) : c.body(text, 200, headers);
    });
  }
}

const STYLE = /<style>([^<]*)<\/style>/;

/** A style sheet within a page is allowed by its hash, instead of one beside it. */
async function policyOf(text: string): Promise<string> {
  const [, style] = STYLE.exec(text) ?? [];
  if (style === undefined) return policyWith("'self'");
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style)));
  return policyWith(`'sha256-${btoa(String.fromCharCode(...hash))}'`);
}

/** The runtime compresses by this header. Cloudflare's edge compresses by itself, at no cost to the Worker. */
function encodingFor(c: AppContext): Record<string, string> {
  const isWanted = /\bgzip\b(?!;q=0)/.test(c.req.header('accept-encoding') ?? '');
  const isAtEdge = c.req.header('cf-ray') !== undefined;
  return { vary: 'Accept-Encoding', ...(isWanted && !isAtEdge ? { 'content-encoding': 'gzip' } : {}) };
}

async function textOf(readAsset: ReadAsset, file: string): Promise<string> {
  const asset = await readAsset?.(file);
  if (asset?.status !== 200)
    throw refusal('not_configured', { problem: 'add the binding ASSETS to wrangler.toml' });
  return asset.text();
}
