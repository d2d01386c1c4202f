import type { Hono } from 'hono';
import type { AppEnv } from '../http/context.ts';
import type { OpenDatabase } from '../http/middleware/database.ts';
import type { RateLimiter } from '../http/middleware/rate-limit.ts';
import type { OpenWaits } from '../http/waits.ts';

export const MCP_PATH = '/mcp';

export interface McpOptions {
  readonly version: string;
  readonly openDatabase: OpenDatabase;
  readonly openWaits: OpenWaits;
  /** Counts the calls of a batch that the chain has not counted. */
  readonly limiter: RateLimiter | undefined;
}

/** Serves the Model Context Protocol, which loads when it is first asked for. */
export function serveMcp(app: Hono<AppEnv>, options: McpOptions): void {
  app.post(MCP_PATH, async (c) => {
    const { answerMcp } = await import('./server.ts');
    return answerMcp(c, options);
  });
}
