import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import { graphPage } from '../../scripts/pages/graph-page.ts';
import { stateDiagram } from '../../scripts/pages/state-diagram.ts';
import { createApp } from '../../src/app.ts';
import { refusal } from '../../src/domain/errors/index.ts';
import { anchorsOf, relativeLinks } from '../support/markdown.ts';
import { clockThatSleepMoves, NO_PAUSES, readAsset } from '../support/options.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const README = 'README.md';
const PAGES = readdirSync(path.join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
  .concat('client/README.md');

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** The file that a link of a page leads to, seen from the root, and the heading in it, if it names one. */
function targetOf(page: string, link: string): { file: string; anchor: string } {
  const [file = '', anchor = ''] = link.split('#');
  return { file: file === '' ? page : path.join(path.dirname(page), file), anchor };
}

function leadsSomewhere(page: string, link: string): boolean {
  const { file, anchor } = targetOf(page, link);
  return existsSync(path.join(ROOT, file)) && (anchor === '' || anchorsOf(read(file)).includes(anchor));
}

/** All pages that links lead to from one page, itself included. */
function reachableFrom(page: string, reached = new Set<string>()): Set<string> {
  if (reached.has(page)) return reached;
  reached.add(page);
  for (const link of relativeLinks(read(page))) {
    const { file } = targetOf(page, link);
    if (file.endsWith('.md') && existsSync(path.join(ROOT, file))) reachableFrom(file, reached);
  }
  return reached;
}

function scriptsNamedIn(page: string): string[] {
  return [...page.matchAll(/\bnpm (?:run (?:-s )?([a-z][\w:-]*)|(start|test)\b)/g)].map(
    ([, run, itself]) => run ?? itself ?? '',
  );
}

/** The paths and methods in the service's own description; no request of it touches a database. */
async function describedEndpoints(): Promise<string[]> {
  const openDatabase = () => {
    throw new Error('The description needs no database');
  };
  const now = () => 0;
  const app = createApp({
    readAsset,
    waits: clockThatSleepMoves(),
    logLevel: 'silent',
    log: { write: () => undefined, wallClock: now },
    now,
    corsOrigins: [],
    access: { kind: 'closed', reason: refusal('authentication_not_configured', {}) },
    rateLimiters: {},
    openDatabase,
    health: { openDatabase, now, sleep: () => Promise.resolve() },
    pauses: NO_PAUSES,
    version: '0.0.0-test',
  });
  const answer = await app.request('/openapi.json');
  // OpenAPI 3.1, section 4.8.1: paths hold one object for each path, by method.
  const { paths } = (await answer.json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([at, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${at}`),
  );
}

describe('the documentation', () => {
  it.each([README, ...PAGES])('%s links only to files and headings that exist', (page) => {
    const links = relativeLinks(read(page));
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it('every page is reachable from the README', () => {
    const reached = reachableFrom(README);
    expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
  });

  it.each([README, ...PAGES])('%s names only npm scripts that exist', (page) => {
    // npm itself wants `scripts` to be an object.
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scriptsNamedIn(read(page)).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('the page of the client names a method for each operation', () => {
    const page = read('client/README.md');
    const methods = Object.keys(createClient({ baseUrl: 'http://localhost' }));
    expect(methods.filter((method) => !page.includes(`\`${method}\``))).toEqual([]);
    expect(methods.length).toBeGreaterThan(30);
  });

  it('the states are drawn as the transition table has them', () => {
    expect(read('docs/states.md')).toContain(`\`\`\`mermaid\n${stateDiagram()}\n\`\`\``);
  });

  it('the page about the graph has the parts that the code makes', () => {
    const page = read('docs/graph.md');
    expect(graphPage(page)).toBe(page);
  });
});

describe('the README', () => {
  const ENDPOINT = /^\| `([A-Z]+ \/\S*)` \|/;

  it('the README has at most 110 lines besides those of its endpoints', () => {
    const lines = read(README).trimEnd().split('\n');
    expect(lines.filter((line) => !ENDPOINT.test(line)).length).toBeLessThanOrEqual(110);
  });

  it('the README lists exactly the endpoints of the OpenAPI document', async () => {
    const listed = read(README)
      .split('\n')
      .flatMap((line) => ENDPOINT.exec(line)?.[1] ?? []);
    expect(listed.toSorted()).toEqual((await describedEndpoints()).toSorted());
  });
});
