import type { HealthOptions } from '../../src/http/middleware/database-health.ts';
import type { WaitOptions } from '../../src/http/waits.ts';
import type { WaitPorts } from '../../src/operations/waiting.ts';
import board from '../../src/rest/assets/board.html?raw';
import boardScript from '../../src/rest/assets/board.js?raw';
import layout from '../../src/rest/assets/board-layout.js?raw';
import style from '../../src/rest/assets/docs.css?raw';
import page from '../../src/rest/assets/docs.html?raw';
import script from '../../src/rest/assets/docs.js?raw';
import document from '../../src/rest/assets/openapi.json';

/** For services whose test never asks how the database is. */
export const NO_HEALTH: HealthOptions = {
  openDatabase: () => {
    throw new Error('not needed');
  },
  now: () => 0,
  sleep: () => Promise.resolve(),
};

/** For services whose test has no request wait. */
export const NO_PAUSES: WaitPorts = { sleep: () => Promise.resolve(), random: () => 0, now: () => 0 };

const FILES: Readonly<Record<string, () => Response>> = {
  '/openapi.json': () => Response.json(document),
  '/docs.html': () => new Response(page),
  '/docs.css': () => new Response(style),
  '/docs.js': () => new Response(script),
  '/board.html': () => new Response(board),
  '/board.js': () => new Response(boardScript),
  '/board-layout.js': () => new Response(layout),
};

/** The files that are deployed with the Worker, without their types, as workerd's disk service gives them. */
export const readAsset = (path: string | URL): Promise<Response> => {
  const { pathname } = new URL(path, 'http://assets.invalid');
  return Promise.resolve(FILES[pathname]?.() ?? new Response('', { status: 404 }));
};

/** A clock that only sleeping moves, that many times as fast, for waits that no test sleeps through. */
export function clockThatSleepMoves(pace = 1): WaitOptions {
  let time = 0;
  return {
    now: () => time,
    sleep(milliseconds: number) {
      time += milliseconds * pace;
      return Promise.resolve();
    },
    random: () => 0,
    limit: 100,
  };
}
